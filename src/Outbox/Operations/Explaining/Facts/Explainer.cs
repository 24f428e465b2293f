using System.Globalization;
using static Outbox.Operations.Explaining.Facts.OutboxFindings;

namespace Outbox.Operations.Explaining.Facts;

/// <summary>Says what facts mean: what keeps something back first, then what has happened. Where nothing does, it says so.</summary>
internal static class Explainer
{
    public static Explanation Explain(ExplainFacts facts)
    {
        List<Finding> findings = [.. OutboxFindings.Of(facts), .. InboxFindings.Of(facts)];
        findings = [.. findings.OrderBy(finding => finding.Kind)];
        if (facts.IsEmpty)
        {
            findings.Insert(0, new Finding(
                FindingCodes.NoTrace,
                FindingKind.Fact,
                $"There is no trace of {facts.Subject} in this database: it was never captured or consumed here, or what is kept of it has expired (Outbox:KeepSentFor for what was published, "
                    + "Outbox:DuplicateDetectionWindow for what was processed).")
            {
                Remedy = "Ask the database of the service that captured it, or of the one that consumes it.",
            });
        }
        else if (!facts.IsGone && findings.TrueForAll(finding => finding.Code == FindingCodes.EndpointLags))
        {
            findings.Insert(0, NothingWrong(facts));
        }

        findings.AddRange([.. OutboxFindings.History(facts), .. InboxFindings.History(facts)]);
        return new Explanation(facts.Subject, findings)
        {
            Pending = facts.Pending,
            Parked = facts.Parked,
            Sent = facts.Sent,
            InboxParked = facts.InboxParked,
            Processed = facts.Processed,
            Sequences = facts.Sequences,
        };
    }

    private static Finding NothingWrong(ExplainFacts facts)
    {
        var published = facts.Sent.FirstOrDefault() is { } sent ? $"It was published last at {Time(sent.At)}{Version(sent.Version)}."
            : facts.Counted.Count > 0 ? $"Nothing of it is pending: all up to {string.Join(", ", facts.Counted.Select(counted => string.Create(CultureInfo.InvariantCulture, $"version {counted.Version} of topic {counted.Topic}")))} is published."
            : "Nothing of it is pending or parked here.";
        var processed = facts.Processed.FirstOrDefault() is { } done ? $" It was processed last at {Time(done.At)} by endpoint {done.Endpoint}{Version(done.Version)}."
            : facts.Sequences.Count > 0 ? $" {string.Join(" ", facts.Sequences.Select(sequence => string.Create(CultureInfo.InvariantCulture, $"Endpoint {sequence.Sequence.Endpoint} has processed it up to version {sequence.Version}.")))}"
            : "";
        return new Finding(FindingCodes.NothingWrong, FindingKind.Fact, $"Nothing is wrong with {facts.Subject}. {published}{processed}");
    }

    private static string Version(long? version) => version is null ? "" : string.Create(CultureInfo.InvariantCulture, $", with version {version}");
}
