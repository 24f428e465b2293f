using Outbox.History;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Health;
using Outbox.History.Storing;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>Projects pages of what comes on Kafka, and of the history.</summary>
internal sealed class MongoProjectionPages(
    OutboxCollections collections, ShortTransactions transactions, PageTargets targets, CatchUp catchUp, PageParts parts) : IProjectionPages
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<EventOutcome>> ApplyAsync(ProjectionBuild build, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellationToken)
    {
        var target = targets.Of(build);
        var result = await transactions.RunAsync(
            (session, token) => new ProjectionPage(collections, target, session, parts.Parked).ApplyAsync(events, PageSource.Live, token), cancellationToken).ConfigureAwait(false);
        parts.Metrics.Projected(build.Id, result.Projected, fromHistory: false);
        foreach (var entity in result.Marked)
        {
            await catchUp.RunAsync(build, entity, cancellationToken).ConfigureAwait(false);
        }

        return target.HasHistory ? [.. result.Outcomes.Select(outcome => outcome.Kind is OutcomeKind.Early or OutcomeKind.Failed ? EventOutcome.Noted : outcome)] : result.Outcomes;
    }

    /// <summary>Projects a page of the history, and notes in the same transaction that it was.</summary>
    /// <exception cref="LeaseLostException">Another instance reads the history now.</exception>
    public async Task ScanAsync(BuildScan scan, IReadOnlyList<KeptEvent> kept, CancellationToken cancellationToken)
    {
        var target = targets.Of(scan.Build);
        var events = kept.Select(one => CatchUp.EventOf(parts.Reader, target, one.Message)).ToList();
        var last = new HistoryPlace(kept[^1].Message.Entity, kept[^1].Message.Version);
        var result = await transactions.RunAsync(
            async (session, token) =>
            {
                var applied = await new ProjectionPage(collections, target, session, parts.Parked).ApplyAsync(events, PageSource.Scan, token).ConfigureAwait(false);
                await scan.AdvanceAsync(session, last, events.Count, token).ConfigureAwait(false);
                return applied;
            },
            cancellationToken).ConfigureAwait(false);
        parts.Metrics.Projected(scan.Build.Id, result.Projected, fromHistory: true);
    }
}
