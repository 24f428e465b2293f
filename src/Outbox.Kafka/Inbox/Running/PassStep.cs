using Microsoft.Extensions.Logging;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>Passes over messages of types that the endpoint does not handle. In a sequence, their versions have their turns.</summary>
internal sealed class PassStep(EndpointName endpoint, TopicEndpointSettings settings, IInbox inbox, InboxMetrics metrics, ILogger logger) : EachStep
{
    private readonly SkippedTypes _types = new();

    public required ReplayGate Replays { get; init; }

    protected override bool Concerns(Passage message) => message.Decoded!.Content is null;

    protected override async Task<Verdict> JudgeAsync(Passage message)
    {
        var decoded = message.Decoded!;
        var type = _types.Name(decoded.Type, out var isNew);
        metrics.Skipped(endpoint.Group, type);
        if (isNew)
        {
            logger.TypeSkipped(endpoint.Group, type, endpoint.Topic);
        }

        if (decoded.Envelope is not { } place)
        {
            return Verdict.Skipped;
        }

        var record = new InboxRecord(endpoint.Group, place.MessageId, place.Type, place.EntityId, place.Version)
        {
            EntityType = place.EntityType,
            Topic = settings.HasSeveralTopics ? new RecordScope(message.Record.Topic).Of(place.MessageId) : null,
            Sequence = message.EntityOn(endpoint.Group),
            Replay = Replays.ScopeOf(message),
        };
        var outcome = await inbox.ExecuteAsync(record, (_, _) => Task.CompletedTask, message.Lifetime.Abandoned).ConfigureAwait(false);
        return outcome == InboxOutcome.Early ? Verdict.Early : new Verdict.Passed(outcome);
    }
}
