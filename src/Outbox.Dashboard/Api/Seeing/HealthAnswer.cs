using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>Whether messages get through.</summary>
internal sealed record HealthAnswer(DateTimeOffset At, [property: JsonConverter(typeof(CamelCase<OverviewState>))] OverviewState State, IReadOnlyList<HealthAnswer.Finding> Findings)
{
    public static HealthAnswer Of(Overview seen) => new(seen.At, seen.State, [.. seen.Findings.Select(Finding.Of)]);

    /// <summary>Something that is not as it should be.</summary>
    internal sealed record Finding([property: JsonConverter(typeof(CamelCase<OverviewState>))] OverviewState State, string Code, string Text)
    {
        public string? Topic { get; init; }

        public string? Endpoint { get; init; }

        public static Finding Of(OverviewFinding finding) => new(finding.State, finding.Code, finding.Text) { Topic = finding.Topic, Endpoint = finding.Endpoint };
    }
}
