using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Health;
using Outbox.Inbox.Health;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Pages;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>Finds out when a build has caught up, and gives it to the readers. Every instance does; it happens once.</summary>
internal sealed class Promotion(
    MongoProjectionBuilds builds, CatchUp catchUp, IInboxBacklog parked, FeedWatch feed, PromotionParts parts)
{
    /// <summary>What was there at a moment is done this soon after it, or more is coming than is done.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (FeedPosition Position, long At)> _targets = new(StringComparer.Ordinal);

    public async Task RunAsync(ProjectionBuild build, IReadOnlyList<ProjectionBuild> all, CancellationToken cancellationToken)
    {
        if (build is { State: ProjectionState.Building, IsScanned: true } && await HasCaughtUpAsync(build, cancellationToken).ConfigureAwait(false))
        {
            await builds.CaughtUpAsync(build.Id, cancellationToken).ConfigureAwait(false);
            parts.Logger.CaughtUp(build.Id);
            build = build with { State = ProjectionState.CaughtUp };
        }

        if (build is { State: ProjectionState.CaughtUp, IsActive: false })
        {
            await OfferAsync(build, all, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task OfferAsync(ProjectionBuild build, IReadOnlyList<ProjectionBuild> all, CancellationToken cancellationToken)
    {
        var active = await builds.ActiveAsync(build.Registration.Name, cancellationToken).ConfigureAwait(false);
        if (active is not null && !await MayReplaceAsync(build, active, all, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        if (await builds.SwitchAsync(build.Registration.Name, build.Id, active, cancellationToken).ConfigureAwait(false))
        {
            parts.Logger.Switched(build.Registration.Name, build.Id, active ?? "nothing", "it has caught up");
        }
    }

    /// <summary>Once, for a build that is newer, has all events, and whose registration says so.</summary>
    private async Task<bool> MayReplaceAsync(ProjectionBuild build, string active, IReadOnlyList<ProjectionBuild> all, CancellationToken cancellationToken) =>
        build.Registration.Switch == SwitchWhen.CaughtUp
        && active != build.Id
        && !all.Any(other => other.Id == active && (other.Registration.Version, other.Run).CompareTo((build.Registration.Version, build.Run)) > 0)
        && !await builds.WasUsedAsync(build.Registration.Name, build.Id, cancellationToken).ConfigureAwait(false)
        && await parked.CountParkedAsync(build.Id, 1, cancellationToken).ConfigureAwait(false) == 0;

    private async Task<bool> HasCaughtUpAsync(ProjectionBuild build, CancellationToken cancellationToken)
    {
        if (build.Registration.From == RebuildFrom.History && !await catchUp.IsDoneAsync(build, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        if (!build.IsFed)
        {
            return true;
        }

        var now = await feed.PositionAsync(build, cancellationToken).ConfigureAwait(false);
        var at = parts.Time.GetTimestamp();
        if (now.Lag == 0)
        {
            return true;
        }

        if (!_targets.TryGetValue(build.Id, out var target) || parts.Time.GetElapsedTime(target.At) > Recent)
        {
            _targets[build.Id] = (now, at);
            return false;
        }

        return now.Passes(target.Position);
    }
}
