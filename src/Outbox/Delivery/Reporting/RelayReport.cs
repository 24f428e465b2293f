namespace Outbox.Delivery.Reporting;

/// <summary>What a relay has found that others want to know: some of each, those that have failed for the longest time.</summary>
/// <param name="Places">The places to which nothing gets through.</param>
/// <param name="Failures">The messages that could not be published and are tried again.</param>
public sealed record RelayReport(IReadOnlyList<ReportedPlace> Places, IReadOnlyList<ReportedFailure> Failures)
{
    /// <summary>The most of each.</summary>
    public const int Most = 50;

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => Places.Count + Failures.Count == 0;
}
