using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Outbox.Examples.Tests.Telemetry;

/// <summary>What docs and queries call metrics, held against what a running service shows.</summary>
[Collection(nameof(OneMeter))]
public sealed partial class MetricNamesTests(TelemetryFixture service) : IClassFixture<TelemetryFixture>
{
    private static readonly string[] OfPrometheus = ["job", "instance", "le"];

    [Fact]
    public void The_page_lists_every_metric_with_its_kind_and_unit()
    {
        var real = service.Made.Select(made => $"{made.Name} {Instruments.KindOf(made)} {(string.IsNullOrEmpty(made.Unit) ? "–" : made.Unit)}");
        Assert.Equal(real.Order(StringComparer.Ordinal), Listed().Select(row => $"{row.Name} {row.Kind} {row.Unit}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_are_of_one_meter_with_the_version_of_the_assembly()
    {
        var meter = Assert.Single(service.Made.Select(made => made.Meter).Distinct());
        Assert.Equal(("Outbox", Outbox.Diagnostics.OutboxTelemetry.Version), (meter.Name, meter.Version));
        Assert.NotEmpty(meter.Version!);
    }

    [Fact]
    public void The_service_serves_them_for_Prometheus()
    {
        foreach (var name in new[] { "outbox_pending", "outbox_oldest_age_seconds", "outbox_stats_age_seconds", "outbox_relay_lanes", "outbox_instance_count" })
        {
            Assert.Contains(name, service.Names);
            Assert.Matches($"(?m)^{name}[{{ ]", service.Scraped);
        }
    }

    [Fact]
    public void The_rules_ask_for_metrics_and_labels_that_are_there()
    {
        var rules = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<string, object>>>>(File.ReadAllText(Repository.PathOf("ops", "prometheus", "outbox.rules.yml")));
        var queries = ((List<object>)rules["groups"].Single()["rules"]).Cast<Dictionary<object, object>>().Select(rule => (string)rule["expr"]).ToList();
        Assert.Equal(10, queries.Count);
        Assert.All(queries, Holds);
    }

    [Fact]
    public void The_board_asks_for_metrics_and_labels_that_are_there()
    {
        var board = JsonNode.Parse(File.ReadAllText(Repository.PathOf("ops", "grafana", "outbox.json")))!;
        var queries = board["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => target!["expr"]!.GetValue<string>()).ToList();
        Assert.True(queries.Count >= 10, $"There are {queries.Count} queries.");
        Assert.All(queries, Holds);
    }

    [Theory]
    [InlineData("max by (job) (outbox_pendings)")]
    [InlineData("max by (entity) (outbox_pending)")]
    [InlineData("outbox_parked{resaon=\"Held\"}")]
    public void A_wrong_query_is_found(string query) => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Holds(query));

    private void Holds(string query)
    {
        var metrics = Metric().Matches(query).Select(match => match.Value).ToList();
        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric => Assert.True(service.Names.Contains(metric), $"No metric is called {metric}: {query}"));
        var known = Listed().SelectMany(row => row.Tags).Concat(OfPrometheus).ToHashSet();
        var labels = Matcher().Matches(query).Concat(Grouping().Matches(query)).SelectMany(match => match.Groups["label"].Captures).Select(capture => capture.Value);
        Assert.All(labels, label => Assert.True(known.Contains(label), $"No metric has a label {label}: {query}"));
    }

    private static List<(string Name, string Kind, string Unit, string[] Tags)> Listed() =>
    [
        .. Row().Matches(File.ReadAllText(Repository.PathOf("docs", "observability.md"))).Select(match => (
            match.Groups["name"].Value, match.Groups["kind"].Value, match.Groups["unit"].Value, Word().Matches(match.Groups["tags"].Value).Select(tag => tag.Value).ToArray())),
    ];

    [GeneratedRegex(@"\boutbox_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"[{,]\s*(?<label>[a-z_]+)\s*(?:=|!=)")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|on)\s*\((?:\s*(?<label>[a-z_]+)\s*,?)+\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"^\| `(?<name>outbox\.[a-z._]+)` \| (?<kind>\w+) \| (?<unit>\S+) \|(?<tags>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<=`)[a-z_]+(?=`)")]
    private static partial Regex Word();
}
