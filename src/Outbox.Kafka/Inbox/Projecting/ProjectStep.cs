using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.Inbox;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Projecting;

/// <summary>Projects messages, all in one transaction.</summary>
internal sealed class ProjectStep(ProjectionBuild build, IProjectionPages pages) : IStep
{
    public async Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        var verdicts = Verdict.Alike(messages.Count, Verdict.Skipped);
        var own = Enumerable.Range(0, messages.Count).Where(index => IsOfItsEntities(messages[index])).ToList();
        if (own.Count == 0)
        {
            return verdicts;
        }

        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource([.. messages.Select(message => message.Lifetime.Abandoned).Distinct()]);
        var outcomes = await pages.ApplyAsync(build, own.ConvertAll(index => EventOf(messages[index].Decoded!)), abandoned.Token).ConfigureAwait(false);
        for (var i = 0; i < own.Count; i++)
        {
            verdicts[own[i]] = VerdictOf(outcomes[i]);
        }

        return verdicts;
    }

    /// <summary>What has no version, or is of another type of entities, is nothing to this projection.</summary>
    private bool IsOfItsEntities(Passage message) =>
        message.Decoded!.Envelope is { Version: not null, EntityId.Length: > 0 } envelope && envelope.EntityType == build.Registration.EntityType;

    private static ProjectedEvent EventOf(DecodedMessage message)
    {
        var envelope = message.Envelope!;
        return new ProjectedEvent(new EventInfo(envelope.EntityId, envelope.Version!.Value, envelope.MessageId, envelope.Timestamp), message.Content);
    }

    private static Verdict VerdictOf(EventOutcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Projected => Verdict.Done(outcome.IsAwaited ? InboxOutcome.ProcessedAndAwaited : InboxOutcome.Processed),
        OutcomeKind.Early => Verdict.Early,
        OutcomeKind.Failed => new Verdict.Failed(outcome.Error!),
        _ => Verdict.Done(InboxOutcome.Stale),
    };
}
