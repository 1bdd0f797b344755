/** Where the REST routes live on the page's own origin. */
export const kApi = "/api/v1";
