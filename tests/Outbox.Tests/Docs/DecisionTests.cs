using System.Text.RegularExpressions;

namespace Outbox.Tests.Docs;

public sealed partial class DecisionTests
{
    public static TheoryData<string> Decisions => [.. Repository.Files("docs/decisions", "*.md")];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_decision_has_a_date_a_title_and_fits_on_a_page(string page)
    {
        var text = Markdown.Text(page);

        Assert.True(Name().IsMatch(Path.GetFileName(page)), $"{page} must be called by the day of the decision and a slug: 2026-11-23-what-was-decided.md.");
        Assert.StartsWith("# ", text);
        Assert.Contains("Decision", text);
        Assert.True(text.Split('\n').Length <= 40, $"{page} is longer than 40 lines: say what was weighed and decided, and leave the how to the code.");
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md$")]
    private static partial Regex Name();
}
