using System.Runtime.CompilerServices;
using System.Text;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.Testing.Store;

/// <summary>What is kept, in memory.</summary>
internal sealed class InMemoryHistoryStore(InMemoryStore store) : IHistoryStore
{
    /// <inheritdoc/>
    public Task<long> HeadAsync(Entity entity, CancellationToken cancellationToken) => Task.FromResult(store.Run(tables => tables.HeadOf(entity)));

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeptEvent> ReadAsync(Entity entity, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var kept in store.Run(tables => tables.History.GetValueOrDefault(entity, []).Where(x => x.Message.Version >= from && x.Message.Version <= to).ToList()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return kept;
        }
    }

    /// <inheritdoc/>
    public Task<StoredSnapshot?> FindSnapshotAsync(Entity entity, int schema, CancellationToken cancellationToken) =>
        Task.FromResult(store.Run(tables => tables.Snapshots.GetValueOrDefault(entity) is { } found && found.Schema == schema ? found : null));

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<KeptEvent>> ScanAsync(
        string entityType, HistoryPlace? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = store.Run(tables => Entities(tables, entityType)
                .SelectMany(entity => tables.History[entity])
                .Where(x => after is not { } place || Compare(x.Message, place) > 0)
                .Take(pageSize).ToList());
            if (page.Count > 0)
            {
                yield return page;
            }

            if (page.Count < pageSize)
            {
                yield break;
            }

            after = new HistoryPlace(page[^1].Message.Entity, page[^1].Message.Version);
        }
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string entityType, CancellationToken cancellationToken) =>
        Task.FromResult(store.Run(tables => Entities(tables, entityType).Sum(entity => (long)tables.History[entity].Count)));

    /// <inheritdoc/>
    public async IAsyncEnumerable<SnapshotAge> SnapshotAgesAsync(string entityType, int schema, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var age in store.Run(tables => Entities(tables, entityType).Select(entity => new SnapshotAge(
            entity, tables.HeadOf(entity), tables.Snapshots.GetValueOrDefault(entity) is { } found && found.Schema == schema ? found.Version : 0)).ToList()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return age;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> SnapshotAsync(
        Entity entity, Func<IHistoryReader, CancellationToken, Task<StoredSnapshot?>> make, bool replaces, CancellationToken cancellationToken)
    {
        var made = await make(this, cancellationToken).ConfigureAwait(false);
        return store.Run(tables =>
        {
            if (made is null)
            {
                return replaces && tables.Snapshots.Remove(entity);
            }

            var isNewer = tables.Snapshots.GetValueOrDefault(entity) is not { } stored || made.Version > stored.Version || (made.Version == stored.Version && made.Schema != stored.Schema);
            if (isNewer || replaces)
            {
                tables.Snapshots[entity] = made;
            }

            return isNewer || replaces;
        });
    }

    /// <inheritdoc/>
    public Task EraseAsync(IReadOnlyList<(KeptEvent Event, string Payload)> changes, string reason, CancellationToken cancellationToken)
    {
        store.Run(tables =>
        {
            foreach (var (kept, payload) in changes)
            {
                tables.History[kept.Message.Entity][(int)kept.Message.Version - 1] = new KeptEvent(kept.Message with { Payload = payload }, IsErased: true);
            }
        });
        return Task.CompletedTask;
    }

    private static IEnumerable<Entity> Entities(Tables tables, string entityType) =>
        tables.History.Keys.Where(entity => entity.Type == entityType).OrderBy(entity => entity.Id, Comparer<string>.Create(CompareBytes));

    private static int Compare(OutboxMessage message, HistoryPlace place) =>
        CompareBytes(message.EntityId, place.Entity.Id) is not 0 and var order ? order : message.Version.CompareTo(place.Version);

    private static int CompareBytes(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));
}
