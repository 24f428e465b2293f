using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;

namespace Outbox.Cli.Tests.Docs;

public sealed class CommandLinePageTests
{
    private const string Page = "docs/command-line.md";

    private static readonly Command Program = new OutboxCommand(new Surroundings(new Screen(TextWriter.Null, TextWriter.Null), _ => null, TimeProvider.System)).Create();

    public static TheoryData<string> Verbs => [.. Leaves(Program, "outbox").Select(verb => verb.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Each_verb_and_its_options_are_on_the_page(string verb)
    {
        var text = Repository.Read(Page);
        var missing = Leaves(Program, "outbox").Single(leaf => leaf.Name == verb).Verb.Options.Where(option => !text.Contains($"`{option.Name}", StringComparison.Ordinal)).Select(option => option.Name);

        Assert.Contains($"`{verb}", text);
        Assert.Empty(missing);
    }

    [Fact]
    public void Each_common_option_is_on_the_page() =>
        Assert.Empty(Program.Options.Where(option => !Repository.Read(Page).Contains($"`{option.Name}", StringComparison.Ordinal)).Select(option => option.Name));

    [Fact]
    public void The_page_has_the_exit_codes_of_the_program_and_no_others()
    {
        var told = Regex.Matches(Repository.Read(Page), @"^\| (\d+) \|", RegexOptions.Multiline).Select(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture));

        Assert.Equal(Enum.GetValues<ExitCode>().Select(code => (int)code).Order(), told.Order());
    }

    [Theory]
    [InlineData(Page)]
    [InlineData("docs/operating.md")]
    [InlineData("docs/migrating.md")]
    [InlineData("README.md")]
    public void What_a_page_says_to_type_can_be_typed(string page)
    {
        var verbs = string.Join('|', Program.Subcommands.Select(verb => verb.Name));
        var lines = Regex.Matches(Repository.Read(page), $@"(?:^|`)(outbox (?:{verbs})\b[^`\n]*)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Where(line => !line.Contains('<')).ToList();

        Assert.NotEmpty(lines);

        Assert.All(lines, line => Assert.Empty(Program.Parse(Words(line.Split(" #")[0])).Errors.Select(error => $"{line}: {error.Message}")));
    }

    private static IEnumerable<(string Name, Command Verb)> Leaves(Command command, string name) => command.Subcommands.Count == 0
        ? [(name, command)]
        : command.Subcommands.SelectMany(verb => Leaves(verb, $"{name} {verb.Name}"));

    private static string[] Words(string line) => [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line).Skip(1)];
}
