using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.MongoDb.History.Projecting.Pages;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>What builds need while they live, and when they have ended.</summary>
internal sealed class BuildCare(CatchUp catchUp, Promotion promotion, Retirement retirement, FeedWatch feed)
{
    public async Task RunAsync(ProjectionBuild build, IReadOnlyList<ProjectionBuild> all, CancellationToken cancellationToken)
    {
        if (!build.IsScanned)
        {
            return;
        }

        if (build.Registration.From == RebuildFrom.History)
        {
            await catchUp.SweepAsync(build, cancellationToken).ConfigureAwait(false);
        }

        await promotion.RunAsync(build, all, cancellationToken).ConfigureAwait(false);
        await feed.ShowAsync(build, cancellationToken).ConfigureAwait(false);
    }

    public Task EndAsync(CancellationToken cancellationToken) => retirement.RunAsync(cancellationToken);
}
