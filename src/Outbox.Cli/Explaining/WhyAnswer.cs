using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary>What <c>why</c> answers, as programs read it.</summary>
/// <param name="Subject">What was asked for.</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Findings">What was found, what keeps it back first.</param>
/// <param name="Commands">What one may want to type next.</param>
internal sealed record WhyAnswer(string Subject, Verdict Verdict, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Commands)
{
    public IReadOnlyList<Trace> Pending { get; init; } = [];

    public IReadOnlyList<Trace> Parked { get; init; } = [];

    public IReadOnlyList<Trace> Sent { get; init; } = [];

    public IReadOnlyList<Trace> InboxParked { get; init; } = [];

    public IReadOnlyList<Trace> Processed { get; init; } = [];

    public IReadOnlyList<SequenceTrace> Sequences { get; init; } = [];

    public static WhyAnswer Of(Explanation found) => new(found.Subject, VerdictOf(found), found.Findings, NextCommands.For(found))
    {
        Pending = Traces(found.Pending),
        Parked = Traces(found.Parked),
        Sent = Traces(found.Sent),
        InboxParked = Traces(found.InboxParked),
        Processed = Traces(found.Processed),
        Sequences = [.. found.Sequences.Select(SequenceTrace.Of)],
    };

    private static Verdict VerdictOf(Explanation found) =>
        !found.IsFound ? Verdict.NoTrace
        : found.IsStuck ? Verdict.Stuck
        : found.Findings.Any(finding => finding.Kind == FindingKind.Waits) ? Verdict.Waits
        : Verdict.Fine;

    private static IReadOnlyList<Trace> Traces(IReadOnlyList<TracedMessage> messages) => [.. messages.Select(Trace.Of)];
}
