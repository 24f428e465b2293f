using Microsoft.Extensions.Logging;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Registration;
using Outbox.Inbox.Health;
using Outbox.Inbox.Operations;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Rebuilding;

namespace Outbox.MongoDb.History.Projecting.Reading;

/// <summary>What a person sees and decides.</summary>
internal sealed class MongoProjections(MongoProjectionBuilds builds, ProjectionRegistry registry, FeedWatch feed, ParkedDecisions parked, ILogger<MongoProjections> logger) : IProjections
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProjectionStatus>> StatusAsync(CancellationToken cancellationToken = default)
    {
        var all = new List<ProjectionStatus>();
        foreach (var (status, topic, follows) in await builds.StatusAsync(cancellationToken).ConfigureAwait(false))
        {
            all.Add(status with
            {
                Lag = follows ? await feed.LagAsync(status.Endpoint, topic, cancellationToken).ConfigureAwait(false) : null,
                Parked = await parked.CountAsync(status.Endpoint, cancellationToken).ConfigureAwait(false),
            });
        }

        return all;
    }

    /// <inheritdoc/>
    public async Task RebuildAsync(string name, string reason, CancellationToken cancellationToken = default)
    {
        var registration = registry.Newest(name) ?? throw new OutboxException($"This service has no projection '{name}': it has {Known()}.");
        var before = await OfAsync(name, registration.Version, cancellationToken).ConfigureAwait(false);
        var build = await builds.AddAsync(registration, reason, cancellationToken).ConfigureAwait(false);
        logger.RebuildWanted(build, reason);

        // What an earlier rebuild has left; the one in use is the way back.
        foreach (var old in before.Where(status => !status.IsActive))
        {
            await RetireAsync(old, $"{build} is built in its place", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task SwitchAsync(string name, int version, string reason, CancellationToken cancellationToken = default)
    {
        var of = await OfAsync(name, version, cancellationToken).ConfigureAwait(false);
        var to = of.LastOrDefault(status => status is { State: ProjectionState.CaughtUp, IsActive: false }) ?? throw new OutboxException(
            $"There is no version {version} of '{name}' to switch to: {(of.Count == 0 ? "there is none" : string.Join(", ", of.Select(Describe)))}.");
        var active = await builds.ActiveAsync(name, cancellationToken).ConfigureAwait(false);
        if (!await builds.SwitchAsync(name, to.Endpoint, active, cancellationToken).ConfigureAwait(false))
        {
            throw new OutboxException($"Somebody else has switched '{name}' at the same time. Look at it again.");
        }

        logger.Switched(name, to.Endpoint, active ?? "nothing", reason);
    }

    /// <inheritdoc/>
    public async Task RetireAsync(string name, int version, string reason, CancellationToken cancellationToken = default)
    {
        var of = await OfAsync(name, version, cancellationToken).ConfigureAwait(false);
        var idle = of.Where(status => !status.IsActive).ToList();
        if (idle.Count == 0)
        {
            throw new OutboxException(of.Count == 0
                ? $"There is no version {version} of '{name}'."
                : $"Version {version} of '{name}' is in use. Switch to another one first.");
        }

        foreach (var build in idle)
        {
            await RetireAsync(build, reason, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<long> RetryParkedAsync(string name, string reason, CancellationToken cancellationToken = default)
    {
        var count = 0L;
        foreach (var build in await OfAsync(name, null, cancellationToken).ConfigureAwait(false))
        {
            count += await parked.RetryAsync(build.Endpoint, reason, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <inheritdoc/>
    public async Task<long> SkipParkedAsync(string name, string reason, CancellationToken cancellationToken = default)
    {
        var count = 0L;
        foreach (var build in await OfAsync(name, null, cancellationToken).ConfigureAwait(false))
        {
            count += await parked.SkipAsync(build.Endpoint, reason, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private static string Describe(ProjectionStatus status) => $"{status.Endpoint} is {(status.IsActive ? "in use" : FormattableString.Invariant($"being built, at {status.Progress:P0}"))}";

    private string Known() => registry.All.Count == 0 ? "none" : string.Join(", ", registry.All.Select(projection => projection.Name).Distinct());

    private async Task<List<ProjectionStatus>> OfAsync(string name, int? version, CancellationToken cancellationToken) =>
    [
        .. (await builds.StatusAsync(cancellationToken).ConfigureAwait(false)).Select(build => build.Status)
            .Where(status => status.Name == name && (version is null || status.Version == version)),
    ];

    private async Task RetireAsync(ProjectionStatus build, string reason, CancellationToken cancellationToken)
    {
        await builds.RetireAsync(build.Endpoint, cancellationToken).ConfigureAwait(false);
        logger.Retired(build.Endpoint, reason);
    }
}
