using System.Text.RegularExpressions;
using Outbox.Tests.Standards;

namespace Outbox.Tests.Docs;

public sealed partial class GuaranteeTests
{
    private const string Page = "docs/guarantees.md";
    private const int Guarantees = 17;

    private static readonly IReadOnlySet<string> Tests = Repository.Files("tests", "*.cs")
        .SelectMany(file => TestMethod().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value).ToHashSet();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, Guarantees)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_names_the_files_that_keep_it_and_tests_that_prove_it(int number)
    {
        var section = Section(number);

        Assert.Contains("](../src/", section);
        Assert.NotEmpty(NamedTests(section));
        Rule.Holds(
            NamedTests(section).Where(test => !Tests.Contains(test)),
            $"{Page} says that G{number} is proven by tests that are not there. Name the tests that prove it now:");
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_lists_the_tests_that_bear_its_number(int number)
    {
        var listed = NamedTests(Section(number)).ToHashSet();
        Rule.Holds(
            Tests.Where(test => test.StartsWith($"G{number}_", StringComparison.Ordinal) && !listed.Contains(test)).Order(StringComparer.Ordinal),
            $"{Page} leaves out tests of G{number}. Add them to its list:");
    }

    [Fact]
    public void The_README_lists_each_of_them()
    {
        var readme = Repository.Read("README.md");
        Rule.Holds(
            from number in Enumerable.Range(1, Guarantees)
            let heading = Heading(number)
            where !readme.Contains($"| **G{number}** | {heading} |", StringComparison.Ordinal)
            select $"| **G{number}** | {heading} |",
            $"README.md gives each guarantee one line, with the title that it has in {Page}. Missing are:");
    }

    private static string Section(int number) =>
        Markdown.Sections(Page).Single(section => section.Key.StartsWith($"G{number} ", StringComparison.Ordinal)).Value;

    private static string Heading(int number) =>
        Markdown.Sections(Page).Keys.Single(heading => heading.StartsWith($"G{number} ", StringComparison.Ordinal))[$"G{number} ".Length..];

    private static IEnumerable<string> NamedTests(string section) => NamedTest().Matches(section).Select(match => match.Groups["name"].Value);

    /// <summary>Tests are named as sentences: words joined by underscores.</summary>
    [GeneratedRegex(@"`(?<name>[A-Za-z0-9]+(?:_[A-Za-z0-9]+){2,})`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"^ +public (?:async )?(?:Task|void) (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex TestMethod();
}
