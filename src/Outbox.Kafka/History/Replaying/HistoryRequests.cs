using Microsoft.Extensions.Options;
using Outbox.History.Projecting.Building;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.Kafka.Installation;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.History.Replaying;

/// <summary>Asks owners for their histories.</summary>
internal sealed class HistoryRequests(IHistoryRequestStore store, MessageRegistry registry, RequestTopics topics, IProjectionFeed feed, IOptions<OutboxOptions> options) : IHistoryRequests
{
    /// <inheritdoc/>
    public async Task<string> AskAsync(string topic, string endpoint, string? into, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpoint);
        into ??= HistoryTopic.Of(topic, endpoint);
        Check(topic, into);
        if (await store.FindAsync(into, cancellationToken).ConfigureAwait(false) is { State: HistoryReplayState.Waiting or HistoryReplayState.Running } open)
        {
            throw new OutboxException($"The history of topic '{topic}' was asked for before (request {open.RequestId}) and is on its way into '{into}'. Wait for its end, or cancel it: CancelAsync(\"{into}\").");
        }

        await topics.PrepareAsync(topic, into, cancellationToken).ConfigureAwait(false);
        await topics.BeginAtEndAsync(endpoint, topic, cancellationToken).ConfigureAwait(false);
        var request = new HistoryRequest(into, Guid.CreateVersion7(topics.Now).ToString(), topic, endpoint, HistoryReplayState.Waiting);
        var command = ReplayMessages.Ask(new ReplayHistory(topic, into, endpoint, request.RequestId), options.Value.Lanes, topics.Now);
        await store.AddAsync(request, command, cancellationToken).ConfigureAwait(false);
        return request.RequestId;
    }

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string into, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(into, cancellationToken).ConfigureAwait(false) is not { State: HistoryReplayState.Waiting or HistoryReplayState.Running or HistoryReplayState.Cancelling } open)
        {
            return false;
        }

        var command = ReplayMessages.Cancel(new CancelHistoryReplay(open.Topic, into, open.RequestId), options.Value.Lanes, topics.Now);
        await store.CancelAsync(open, command, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async Task<HistoryRequest?> FindAsync(string into, CancellationToken cancellationToken) =>
        await store.FindAsync(into, cancellationToken).ConfigureAwait(false) is { } found
            ? found with { Left = (await feed.PositionAsync(found.Endpoint, into, cancellationToken).ConfigureAwait(false)).Lag }
            : null;

    private void Check(string topic, string into)
    {
        if (!registry.All.Any(message => message.Topic == topic))
        {
            throw new OutboxException($"Topic '{topic}' is not registered here, so nobody could read its history. Add it: o.Topic(\"{topic}\", t => …).");
        }

        if (!HistoryTopic.IsOf(topic, into) || !TopicName.IsValid(into) || registry.All.Any(message => message.Topic == into))
        {
            throw new OutboxException(
                $"The history of topic '{topic}' cannot go to '{into}': it needs a topic of its own, on which nothing else lives, and whose name says what it is: {HistoryTopic.Of(topic, "…")}.");
        }
    }
}
