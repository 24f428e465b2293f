using Microsoft.Extensions.Logging;
using Outbox.History.Replaying;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Takes in what the owner of a topic says of its history, on a topic that it is replayed into. What belongs to another request is passed over.</summary>
internal sealed class HistoryStep(string endpoint, IHistoryRequestStore? requests, ILogger logger) : IStep
{
    public async Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        var verdicts = new Verdict[messages.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = messages[i].Decoded!.Content is HistoryReplayed said ? await TakeAsync(messages[i], said).ConfigureAwait(false) : Verdict.GoOn;
        }

        return verdicts;
    }

    private async Task<Verdict> TakeAsync(Passage message, HistoryReplayed said)
    {
        if (requests is not null && await requests.NoteAsync(said, message.Lifetime.Abandoned).ConfigureAwait(false))
        {
            logger.HistorySaid(said.Topic, endpoint, said.State, said.Events, said.Total, said.Error);
        }

        return Verdict.Skipped;
    }
}
