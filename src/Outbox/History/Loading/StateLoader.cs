using Outbox.History.Registration;
using Outbox.History.Storing;
using Outbox.Messages;

namespace Outbox.History.Loading;

/// <summary>
/// Makes an entity's state: of its snapshot and the events since, or of all of them. A snapshot is only a shortcut. The events are read from the snapshot's own version on: where that event is
/// missing, the snapshot stands ahead of its history or is of another one, and counts for nothing.
/// </summary>
internal sealed class StateLoader(EventReader events)
{
    /// <returns>The state with the version of its last event; a state to which nothing has happened, with version 0, if there are no events.</returns>
    /// <exception cref="OutboxException">An event is missing, or cannot be read.</exception>
    public async Task<LoadedState> LoadAsync(IHistoryReader reader, StateRegistration registration, string id, long to, CancellationToken cancellationToken)
    {
        var entity = StateRegistry.EntityOf(registration, id);
        if (await ShortcutAsync(reader, registration, entity, to, cancellationToken).ConfigureAwait(false) is { } snapshot
            && await FoldAsync(reader, registration, entity, snapshot, to, cancellationToken).ConfigureAwait(false) is { } loaded)
        {
            return loaded;
        }

        var first = new LoadedState(registration.Fold.Begin(id), Version: 0, SnapshotVersion: 0);
        return await FoldAsync(reader, registration, entity, first, to, cancellationToken).ConfigureAwait(false) ?? first;
    }

    private static async Task<LoadedState?> ShortcutAsync(
        IHistoryReader reader, StateRegistration registration, Entity entity, long to, CancellationToken cancellationToken)
    {
        if (registration.Snapshots is null
            || await reader.FindSnapshotAsync(entity, registration.Schema, cancellationToken).ConfigureAwait(false) is not { } snapshot
            || snapshot.Schema != registration.Schema || snapshot.Version < 1 || snapshot.Version > to)
        {
            return null;
        }

        try
        {
            return new LoadedState(registration.Fold.Read(snapshot.State, entity.Id, snapshot.Version), snapshot.Version, snapshot.Version);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever it is, converters and constructors are the users' own: the events say the same.
            return null;
        }
    }

    /// <returns><see langword="null"/> if the state to begin with is of an event that is not there.</returns>
    private async Task<LoadedState?> FoldAsync(
        IHistoryReader reader, StateRegistration registration, Entity entity, LoadedState from, long to, CancellationToken cancellationToken)
    {
        var (state, version, isFound) = (from.State, from.Version, from.Version == 0);
        await foreach (var kept in reader.ReadAsync(entity, Math.Max(from.Version, 1), to, cancellationToken).ConfigureAwait(false))
        {
            if (!isFound && kept.Message.Version == from.Version)
            {
                isFound = true;
                continue;
            }

            if (!isFound)
            {
                return null;
            }

            if (kept.Message.Version != version + 1)
            {
                throw new OutboxException(
                    $"The history of {entity} has no version {version + 1}, but {kept.Message.Version}: somebody has removed events. Restore them; without them its state cannot be known.");
            }

            version++;
            state = registration.Fold.Apply(state, events.Read(kept.Message), version);
        }

        return isFound ? new LoadedState(state, version, from.SnapshotVersion) : null;
    }
}
