using System.Text.RegularExpressions;

namespace Outbox.Tests.Docs;

/// <summary>What the tests read from the written pages.</summary>
internal static partial class Markdown
{
    /// <summary>Every page of the repository that is written for people.</summary>
    public static IReadOnlyList<string> Pages() =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        .. Repository.Files("docs", "*.md"),
        .. Repository.Files("src", "*.md"),
        .. Repository.Files("templates", "*.md"),
    ];

    /// <summary>The blocks of code in one language, without their fences.</summary>
    public static IReadOnlyList<string> Code(string page, string language) =>
        [.. Fence().Matches(Text(page)).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value)];

    /// <summary>The targets of inline links outside of code.</summary>
    public static IReadOnlyList<string> Links(string page) => [.. Link().Matches(Prose(page)).Select(match => match.Groups["target"].Value)];

    /// <summary>The anchors that GitHub gives to the headings: lower case, punctuation dropped, spaces as dashes.</summary>
    public static IReadOnlyCollection<string> Anchors(string page) =>
    [
        .. Heading().Matches(Prose(page)).Select(match =>
            Punctuation().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    /// <summary>The text below each second-level heading.</summary>
    public static IReadOnlyDictionary<string, string> Sections(string page) => Text(page).Split("\n## ").Skip(1)
        .Select(section => section.Split('\n', 2)).ToDictionary(parts => parts[0].Trim(), parts => parts[1]);

    public static string Text(string page) => Repository.Read(page).ReplaceLineEndings("\n");

    private static string Prose(string page) => Fence().Replace(Text(page), "");

    [GeneratedRegex(@"^```(?<language>\S*)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
