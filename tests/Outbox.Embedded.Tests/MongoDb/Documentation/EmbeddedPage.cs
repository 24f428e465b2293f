using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Outbox.Embedded.Tests.MongoDb.Documentation;

/// docs/embedded.md, taken apart by its headings.
internal static partial class EmbeddedPage
{
    public static IReadOnlyList<string> NamesIn(string heading)
    {
        var section = Regex.Split(Text(), @"^#+ ", RegexOptions.Multiline).SingleOrDefault(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        Assert.True(section is not null, $"docs/embedded.md has no heading '{heading}'");
        return [.. Quoted().Matches(section!).Select(match => match.Groups[1].Value)];
    }

    private static string Text([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Outbox.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Outbox.sln is in no folder above this test");
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "embedded.md")).ReplaceLineEndings("\n");
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
