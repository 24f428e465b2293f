using Microsoft.Extensions.Logging;
using Outbox.History.Replaying;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Takes in what the owner of a topic says of its history, on a topic that it is replayed into. What belongs to another request is passed over.</summary>
internal sealed class HistoryStep(string endpoint, IHistoryRequestStore? requests, ILogger logger) : EachStep
{
    protected override bool Concerns(Passage message) => message.Decoded!.Content is HistoryReplayed;

    protected override async Task<Verdict> JudgeAsync(Passage message)
    {
        var said = (HistoryReplayed)message.Decoded!.Content!;
        if (requests is not null && await requests.NoteAsync(said, message.Lifetime.Abandoned).ConfigureAwait(false))
        {
            logger.HistorySaid(said.Topic, endpoint, said.State, said.Events, said.Total, said.Error);
        }

        return Verdict.Skipped;
    }
}
