using Outbox.History.Projecting.Building;

namespace Outbox.History.Projecting.Folding;

/// <summary>
/// Projects the events of one entity in memory, each when it is its turn. When one fails it is done again, writing the row down after each event: what a fold did to the row before it failed is
/// forgotten then, and so is a row that cannot be written.
/// </summary>
internal sealed class EntityFold<TDocument>(Projection projection, IRowFormat<TDocument> rows, string entityId)
    where TDocument : class
{
    /// <param name="version">The version of the last event that was projected before.</param>
    /// <param name="stored">The row.</param>
    /// <param name="events">The events in the order of their versions.</param>
    public FoldedEntity<TDocument> Run(long version, TDocument? stored, IReadOnlyList<ProjectedEvent> events)
    {
        try
        {
            return RunAtOnce(version, stored, events);
        }
        catch (Exception)
        {
            // Whatever it is: folds are the users' own. The second run finds the event, and its error.
            return RunOneByOne(version, stored, events);
        }
    }

    private FoldedEntity<TDocument> RunAtOnce(long version, TDocument? stored, IReadOnlyList<ProjectedEvent> events)
    {
        var row = stored is null ? null : rows.Read(stored);
        var isChanged = false;
        var outcomes = new EventOutcome[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            outcomes[i] = TurnOf(events[i], version);
            if (outcomes[i].Kind == OutcomeKind.Projected)
            {
                version++;
                isChanged |= TryApply(events[i], ref row);
            }
        }

        return new FoldedEntity<TDocument>(version, isChanged && row is not null ? rows.Write(entityId, row) : null, isChanged, outcomes);
    }

    private FoldedEntity<TDocument> RunOneByOne(long version, TDocument? stored, IReadOnlyList<ProjectedEvent> events)
    {
        var (last, isChanged) = (stored, false);
        var outcomes = new EventOutcome[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            outcomes[i] = TurnOf(events[i], version);
            if (outcomes[i].Kind != OutcomeKind.Projected)
            {
                continue;
            }

            try
            {
                var row = last is null ? null : rows.Read(last);
                if (TryApply(events[i], ref row))
                {
                    last = row is null ? null : rows.Write(entityId, row);
                    isChanged = true;
                }

                version++;
            }
            catch (Exception error)
            {
                outcomes[i] = EventOutcome.Failed(error);
            }
        }

        return new FoldedEntity<TDocument>(version, isChanged ? last : null, isChanged, outcomes);
    }

    private static EventOutcome TurnOf(ProjectedEvent @event, long version) => @event.Info.Version.CompareTo(version + 1) switch
    {
        0 => EventOutcome.Projected,
        < 0 => EventOutcome.Stale,
        _ => EventOutcome.Early,
    };

    /// <returns>Whether the event has a fold.</returns>
    private bool TryApply(ProjectedEvent @event, ref object? row)
    {
        if (@event.Unreadable is { } unreadable)
        {
            throw unreadable;
        }

        if (@event.Content is not { } content || !projection.Folds.TryGetValue(content.GetType(), out var fold))
        {
            return false;
        }

        row = fold(row, content, @event.Info);
        return true;
    }
}
