using System.Text.RegularExpressions;
using Outbox.Tests.Standards;

namespace Outbox.Tests.Docs;

public sealed partial class MassTransitPageTests
{
    private const string Page = "docs/masstransit.md";

    [Fact]
    public void Each_row_names_tests_that_are_there()
    {
        var tests = Repository.Files("tests", "*.cs").SelectMany(file => TestMethod().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value).ToHashSet();
        var rows = Markdown.Text(Page).Split('\n').Where(line => Row().IsMatch(line)).ToList();

        Assert.NotEmpty(rows);
        Rule.Holds(
            rows.Where(row => !Named(row).Any() || !Named(row).All(tests.Contains)),
            $"{Page} says what works without a test that shows it. Name one that is there, for:");
    }

    private static IEnumerable<string> Named(string row) => NamedTest().Matches(row.Split('|')[^2]).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"\| (works|differs|refused) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<name>\w+)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"^ +public (?:async )?(?:Task|void) (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex TestMethod();
}
