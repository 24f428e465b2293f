using Outbox.History.Repair;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Takes in what the owner of a topic says of versions that it does not have: the sequence steps over them. What nobody asked for is passed over.</summary>
internal sealed class VoidStep(string endpoint, IGapRepair? repair, GapReport report) : EachStep
{
    protected override bool Concerns(Passage message) => message.Decoded!.Content is VersionsVoid;

    protected override async Task<Verdict> JudgeAsync(Passage message)
    {
        var answer = (VersionsVoid)message.Decoded!.Content!;
        var sequence = message.EntityOn(endpoint);
        var isStep = repair is not null && await repair.StepOverAsync(sequence, answer.From, answer.To, message.Lifetime.Abandoned).ConfigureAwait(false);
        report.Void(sequence, answer.From, answer.To, isStep);
        return isStep ? new Verdict.Passed(InboxOutcome.ProcessedAndAwaited) : Verdict.Skipped;
    }
}
