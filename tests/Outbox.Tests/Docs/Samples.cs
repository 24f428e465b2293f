using System.Text.RegularExpressions;

namespace Outbox.Tests.Docs;

/// <summary>Code that a page shows, where it is compiled and run.</summary>
internal static partial class Samples
{
    /// <summary>What stands between the marks <c>// mark</c> and <c>// end</c> of a file, in its order.</summary>
    public static IReadOnlyList<string> Marked(string file, string mark) =>
    [
        .. Mark().Matches(Repository.Read(file).ReplaceLineEndings("\n")).Where(match => match.Groups["mark"].Value == mark)
            .Select(match => Outdent(match.Groups["code"].Value)),
    ];

    private static string Outdent(string code)
    {
        var lines = code.TrimEnd(' ', '\n').Split('\n');
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Concat(lines.Select(line => (line.Length > 0 ? line[indent..] : "") + "\n"));
    }

    [GeneratedRegex(@"^ *// (?<mark>\w+)\n(?<code>.*?)^ *// end$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Mark();
}
