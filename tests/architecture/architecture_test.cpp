// The house as it is: the files under src/ against docs/layers.txt. ATRIUM_SOURCE_DIR is the root of the repository.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/architecture/house.h"

namespace atrium::architecture {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

const fs::path kRoot(ATRIUM_SOURCE_DIR);

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<SourceFile> source_files() {
  std::vector<SourceFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "src")) {
    const std::string path = entry.path().lexically_relative(kRoot / "src").generic_string();
    if (entry.is_regular_file()) files.push_back({path, text_of(entry.path())});
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

Layers layers() { return parse_layers(text_of(kRoot / "docs" / "layers.txt")); }

TEST(Architecture, LayersGoDownOnly) { EXPECT_THAT(complaints_about(layers()), IsEmpty()); }

TEST(Architecture, SourceFilesKeepToTheLayers) { EXPECT_THAT(complaints_about(layers(), source_files()), IsEmpty()); }

// Else the document of the events would not know of it (chat/events/outgoing.h).
TEST(Architecture, TheChatTellsItsClientsOnlyWhatItsTableHas) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : source_files()) {
    if (!file.path.starts_with("chat/") || file.path == "chat/events/outgoing.h") continue;
    for (const char* way : {".emit(", "->emit(", ".prepare(", "Outgoing::of("}) {
      if (file.text.find(way) != std::string::npos) complaints.push_back(file.path + " has " + way);
    }
  }
  EXPECT_THAT(complaints, IsEmpty());
}

TEST(Architecture, IsLookedAtAtAll) {
  const auto files = source_files();
  EXPECT_GT(files.size(), 50u);
  const auto reads_something = [](const SourceFile& file) { return !includes_of(file.text).empty(); };
  EXPECT_GT(std::ranges::count_if(files, reads_something), 50);
}

}  // namespace
}  // namespace atrium::architecture
