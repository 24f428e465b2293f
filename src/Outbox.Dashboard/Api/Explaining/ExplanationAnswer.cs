using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Acts;
using Outbox.Dashboard.Api.Answering;
using Outbox.Operations.Explaining;

namespace Outbox.Dashboard.Api.Explaining;

/// <summary>Why something is stuck, or that it is not.</summary>
internal sealed record ExplanationAnswer(string Subject, bool IsStuck, bool IsFound, IReadOnlyList<ExplanationAnswer.FindingAnswer> Findings)
{
    /// <summary>The messages that it speaks of: what is pending, parked, sent, parked by endpoints and processed.</summary>
    public required IReadOnlyList<TracedAnswer> Messages { get; init; }

    public required IReadOnlyList<SequenceAnswer> Sequences { get; init; }

    public static ExplanationAnswer Of(Explanation explanation) => new(explanation.Subject, explanation.IsStuck, explanation.IsFound, [.. explanation.Findings.Select(FindingAnswer.Of)])
    {
        Messages = [.. Steps(explanation)],
        Sequences = [.. explanation.Sequences.Select(SequenceAnswer.Of)],
    };

    public static IEnumerable<TracedAnswer> Steps(Explanation explanation) =>
        from place in new[] { ("outbox", explanation.Pending), ("outboxParked", explanation.Parked), ("sent", explanation.Sent), ("inboxParked", explanation.InboxParked), ("inbox", explanation.Processed) }
        from message in place.Item2
        select TracedAnswer.Of(place.Item1, message);

    /// <summary>Something that says why.</summary>
    internal sealed record FindingAnswer(string Code, [property: JsonConverter(typeof(CamelCase<FindingKind>))] FindingKind Kind, string Text)
    {
        public DateTimeOffset? Since { get; init; }

        public string? Remedy { get; init; }

        public static FindingAnswer Of(Finding finding) => new(finding.Code, finding.Kind, finding.Text) { Since = finding.Since, Remedy = finding.Remedy };
    }
}
