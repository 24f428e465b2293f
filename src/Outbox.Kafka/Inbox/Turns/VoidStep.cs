using Outbox.History.Repair;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Takes in what the owner of a topic says of versions that it does not have: the sequence steps over them. What nobody asked for is passed over.</summary>
internal sealed class VoidStep(string endpoint, IGapRepair? repair, GapReport report) : IStep
{
    public async Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        var verdicts = new Verdict[messages.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = messages[i].Decoded!.Content is VersionsVoid answer ? await TakeAsync(messages[i], answer).ConfigureAwait(false) : Verdict.GoOn;
        }

        return verdicts;
    }

    private async Task<Verdict> TakeAsync(Passage message, VersionsVoid answer)
    {
        var sequence = message.EntityOn(endpoint);
        var isStep = repair is not null && await repair.StepOverAsync(sequence, answer.From, answer.To, message.Lifetime.Abandoned).ConfigureAwait(false);
        report.Void(sequence, answer.From, answer.To, isStep);
        return isStep ? new Verdict.Passed(InboxOutcome.ProcessedAndAwaited) : Verdict.Skipped;
    }
}
