using System.Collections.Concurrent;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.MongoDb.History.Projecting.Reading;

/// <summary>Which builds readers use, as of a second ago at most: the rows of one that was in use then are there for a minute more.</summary>
internal sealed class ActiveBuilds(MongoProjectionBuilds builds, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (string Build, long At)> _known = new(StringComparer.Ordinal);

    public async ValueTask<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var known) && time.GetElapsedTime(known.At) < Fresh)
        {
            return known.Build;
        }

        var asked = time.GetTimestamp();
        var build = await builds.ActiveAsync(name, cancellationToken).ConfigureAwait(false);
        if (build is not null)
        {
            _known[name] = (build, asked);
        }

        return build;
    }

    /// <exception cref="OutboxException">There is none yet.</exception>
    public async ValueTask<string> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken).ConfigureAwait(false) ?? throw new OutboxException(
            $"Read model '{name}' cannot be read yet: its first version is being built, and has not caught up. {nameof(Outbox.History.Projecting.IProjections)}.StatusAsync tells how far it is.");
}
