using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Outbox.History.Loading;
using Outbox.History.Registration;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.History.Keeping;

/// <summary>What is kept, for those who are in no transaction.</summary>
internal sealed class KeptHistory(IHistoryStore store, HistoryServices services, EventReader events, Snapshots snapshots, Erasure erasure) : IHistory
{
    /// <inheritdoc/>
    public async Task<T> LoadAsync<T>(string id, CancellationToken cancellationToken = default)
        where T : class => await FindAsync<T>(id, cancellationToken).ConfigureAwait(false) ?? throw new EntityNotFoundException(EntityOf<T>(id));

    /// <inheritdoc/>
    public async Task<T?> FindAsync<T>(string id, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        var loaded = await services.Loader.LoadAsync(store, services.States.Get(typeof(T)), id, long.MaxValue, cancellationToken).ConfigureAwait(false);
        return loaded.Version == 0 ? null : (T)loaded.State;
    }

    /// <inheritdoc/>
    public async Task<T> LoadAtAsync<T>(string id, long version, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var loaded = await services.Loader.LoadAsync(store, services.States.Get(typeof(T)), id, version, cancellationToken).ConfigureAwait(false);
        return loaded.Version == version ? (T)loaded.State
            : loaded.Version == 0 ? throw new EntityNotFoundException(EntityOf<T>(id))
            : throw new OutboxException($"{EntityOf<T>(id)} has had no version {version}: its last one is {loaded.Version}.");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryEvent> ReadAsync<T>(string id, long fromVersion = 1, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        await foreach (var kept in store.ReadAsync(EntityOf<T>(id), fromVersion, long.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            var message = kept.Message;
            yield return new HistoryEvent(message.Version, message.MessageId, message.Timestamp, message.Type, events.Read(message), kept.IsErased);
        }
    }

    /// <inheritdoc/>
    public Task<long> SnapshotAllAsync<T>(int olderThan, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(olderThan, 1);
        return snapshots.TakeAllAsync(services.States.Get(typeof(T)), olderThan, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> EraseAsync<T>(string id, Func<string, JsonObject, JsonObject?> redact, string reason, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(redact);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return erasure.EraseAsync(services.States.Get(typeof(T)), id, redact, reason, cancellationToken);
    }

    private Entity EntityOf<T>(string id) => StateRegistry.EntityOf(services.States.Get(typeof(T)), id);
}
