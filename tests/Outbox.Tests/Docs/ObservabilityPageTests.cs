using System.Reflection;
using Outbox.Diagnostics;
using Outbox.Tests.Standards;

namespace Outbox.Tests.Docs;

public sealed class ObservabilityPageTests
{
    private const string Page = "docs/observability.md";

    [Fact]
    public void It_lists_every_line_that_is_logged()
    {
        var rows = LogEvents.All.Select(log => $"| {log.Id} | {log.Level.ToString().ToLowerInvariant()} | {log.Message} |").ToList();
        Assert.True(rows.Count > 100, $"{rows.Count} were found.");
        var listed = Markdown.Text(Page).Split('\n').Where(line => line.Length > 2 && char.IsDigit(line[2]) && line.StartsWith("| ", StringComparison.Ordinal)).ToList();
        Rule.Holds(rows.Except(listed), $"{Page} leaves out, or says differently:");
        Rule.Holds(listed.Except(rows), $"{Page} has lines that nobody logs:");
    }

    [Fact]
    public void It_lists_every_attribute_of_a_span() => Rule.Holds(
        typeof(MessagingAttributes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)
            .Where(name => name.Contains('.') && !Markdown.Text(Page).Contains($"| `{name}` |")),
        $"{Page} leaves out attributes:");

    [Fact]
    public void Every_alert_has_a_section_of_the_runbook()
    {
        var alerts = Lines("ops/prometheus/outbox.rules.yml", "- alert: ");
        var sections = Lines("ops/prometheus/outbox.rules.yml", "runbook: ");
        Assert.Equal(alerts.Select(alert => $"docs/operating.md#{alert.ToLowerInvariant()}"), sections);
        Rule.Holds(alerts.Where(alert => !Markdown.Anchors("docs/operating.md").Contains(alert.ToLowerInvariant())), "docs/operating.md has no section for:");
    }

    private static List<string> Lines(string file, string start) =>
        [.. Repository.Read(file).ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => line[start.Length..])];
}
