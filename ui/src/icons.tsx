import type { ReactNode } from "react";

function Icon(props: { children: ReactNode; size?: number }) {
  return (
    <svg
      className="icon" viewBox="0 0 20 20" width={props.size ?? 18} height={props.size ?? 18} fill="none" stroke="currentColor"
      strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"
    >
      {props.children}
    </svg>
  );
}

export const MenuIcon = () => <Icon size={22}><path d="M3 6h14M3 10.5h14M3 15h9" /></Icon>;
export const CloseIcon = () => <Icon><path d="m5 5 10 10M15 5 5 15" /></Icon>;
export const EditIcon = () => (
  <Icon>
    <path d="m4 16 .8-3.4L13 4.4a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3l-8.2 8.2L4 16ZM11.5 6l2.6 2.6" />
  </Icon>
);
export const DeleteIcon = () => (
  <Icon>
    <path d="M4 5.5h12M8 5.5V4h4v1.5M5.5 5.5l.7 10.5h7.6l.7-10.5M8.4 8.5v4.6M11.6 8.5v4.6" />
  </Icon>
);
export const SendIcon = () => <Icon size={20}><path d="M10 16V4.5M5 9.3l5-5 5 5" /></Icon>;
export const DownIcon = () => <Icon size={16}><path d="M10 4v11.5M5 11l5 5 5-5" /></Icon>;
export const LockIcon = () => (
  <Icon size={15}>
    <rect x="4.5" y="9" width="11" height="7.5" rx="1.5" /><path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </Icon>
);
export const HashIcon = () => <Icon size={15}><path d="M8 3.5 6.5 16.5M13.5 3.5 12 16.5M3.5 7.5h13.3M3.2 12.5h13.3" /></Icon>;
export const PersonIcon = () => (
  <Icon size={15}>
    <circle cx="10" cy="6.8" r="3" /><path d="M4 16.8c.6-3.4 3-5 6-5s5.4 1.6 6 5" />
  </Icon>
);
export const SignOutIcon = () => <Icon><path d="M8 3.5H4.5v13H8M12.5 6.5 16 10l-3.5 3.5M16 10H8" /></Icon>;
export const WarningIcon = () => <Icon size={16}><path d="M10 3.5 17.5 16.5h-15zM10 8.5v3.6M10 14.4v.1" /></Icon>;
