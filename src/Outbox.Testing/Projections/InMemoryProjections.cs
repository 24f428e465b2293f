using Outbox.History.Loading;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Folding;
using Outbox.History.Projecting.Registration;
using Outbox.Messages;
using Outbox.Testing.Store;

namespace Outbox.Testing.Projections;

/// <summary>
/// Makes rows in memory: of inline projections in the transaction of their events, of all others when their events are published. An event that fails, and what comes behind it, waits, as do those that
/// come too early.
/// </summary>
internal sealed class InMemoryProjections(InMemoryStore store, ProjectionRegistry registry, EventReader reader) : IProjectionPages
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when something was projected.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>How far an entity is.</summary>
    public ProjectedRow Of(ProjectionRegistration projection, string entityId) => store.Run(tables => tables.Rows.GetValueOrDefault((projection.Name, projection.Version, entityId), ProjectedRow.None));

    /// <summary>All rows, as they are stored, in the order of their ids.</summary>
    public IReadOnlyList<string> All(ProjectionRegistration projection) => store.Run(tables => tables.Rows
        .Where(row => (row.Key.Projection, row.Key.Version) == (projection.Name, projection.Version))
        .OrderBy(row => row.Key.EntityId, StringComparer.Ordinal).Select(row => row.Value.Row).OfType<string>().ToList());

    /// <summary>Projects what a transaction has captured, as part of it.</summary>
    public void Captured(Tables tables, IReadOnlyList<OutboxMessage> messages) => Apply(tables, messages, inline: true);

    /// <summary>Projects what was published.</summary>
    public void Published(IEnumerable<OutboxMessage> messages)
    {
        store.Run(tables => Apply(tables, [.. messages], inline: false));
        Show();
    }

    /// <summary>Tells those who wait.</summary>
    public void Show() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventOutcome>> ApplyAsync(ProjectionBuild build, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellationToken)
    {
        var outcomes = store.Run(tables => events.Select(@event => Apply(tables, build.Registration, @event)).ToList());
        Show();
        return Task.FromResult<IReadOnlyList<EventOutcome>>(outcomes);
    }

    private void Apply(Tables tables, IReadOnlyList<OutboxMessage> messages, bool inline)
    {
        foreach (var projection in registry.All.Where(projection => projection.Inline == inline))
        {
            foreach (var message in messages.Where(message => message.Topic == projection.Topic && message.EntityType == projection.EntityType))
            {
                Apply(tables, projection, EventOf(projection, message));
            }
        }
    }

    private static EventOutcome Apply(Tables tables, ProjectionRegistration projection, ProjectedEvent @event)
    {
        var key = (projection.Name, projection.Version, @event.Info.EntityId);
        var before = tables.Rows.GetValueOrDefault(key, ProjectedRow.None);
        List<ProjectedEvent> events = [.. before.Waiting.Where(waiting => waiting.Info.Version != @event.Info.Version).Append(@event).OrderBy(waiting => waiting.Info.Version)];
        var fold = new EntityFold<string>(projection.Model, new JsonRows(projection.Model.RowType, projection.Name), @event.Info.EntityId);
        var folded = fold.Run(before.Version, before.Row, events);
        tables.Rows[key] = new ProjectedRow(folded.Version, folded.IsChanged ? folded.Row : before.Row)
        {
            Waiting = [.. events.Where(waiting => waiting.Info.Version > folded.Version)],
            Failed = folded.Failed >= 0 ? (events[folded.Failed].Info.Version, folded.Outcomes[folded.Failed].Error!) : null,
        };
        return folded.Outcomes[events.IndexOf(@event)];
    }

    private ProjectedEvent EventOf(ProjectionRegistration projection, OutboxMessage message)
    {
        var info = new EventInfo(message.EntityId, message.Version, message.MessageId, message.Timestamp);
        if (!(message.Payload is null ? projection.Tombstones : projection.Types).Contains(message.Type))
        {
            return new ProjectedEvent(info, null);
        }

        try
        {
            return new ProjectedEvent(info, reader.Read(message));
        }
        catch (OutboxException error)
        {
            return new ProjectedEvent(info, null) { Unreadable = error };
        }
    }
}
