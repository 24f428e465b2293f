using System.Text.Json;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Folding;
using Outbox.Messages;
using Outbox.Testing.Projections;

namespace Outbox.Testing;

/// <summary>Makes the row of one entity's events in all ways in which live pages and rebuilds may make it.</summary>
internal sealed class RebuiltRows
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Projection _projection;
    private readonly JsonRows _rows;
    private readonly object[] _events;
    private readonly string[] _written;
    private string _entityId = "entity-1";

    private RebuiltRows(Projection projection, object[] events)
    {
        (_projection, _events) = (projection, events);
        _rows = new JsonRows(projection.RowType, projection.Name);
        _written = [.. events.Select(EventText.Of)];
    }

    /// <exception cref="ScenarioException">Two of them make different rows.</exception>
    public static void Check(Projection projection, object[] events)
    {
        var rows = new RebuiltRows(projection, events);
        rows.FindId();
        rows.CheckFolds();
        var whole = rows.Fold([events.Length]);
        for (var first = 1; first < events.Length; first++)
        {
            rows.Same(whole, rows.Fold([first, events.Length]), $"a page that ends behind event {first} ({rows._written[first - 1]})");
        }

        rows.Same(whole, rows.Fold([.. Enumerable.Range(1, events.Length)]), "a page for each event");
        rows.Same(whole, rows.Fold([events.Length]), "another rebuild, a moment later");
    }

    /// <summary>Whichever entity the events are of, their rows say.</summary>
    private void FindId()
    {
        object? row = null;
        for (var index = 0; index < _events.Length && row is null; index++)
        {
            row = Apply(index, row);
        }

        _entityId = row is not null && _rows.IdOf(row) is { Length: > 0 } id ? id : _entityId;
    }

    /// <summary>Once more, looking at what a fold does beside its row.</summary>
    private void CheckFolds()
    {
        string? stored = null;
        for (var index = 0; index < _events.Length; index++)
        {
            var row = stored is null ? null : _rows.Read(stored);
            var next = Apply(index, row);
            if (row is not null && !ReferenceEquals(row, next) && JsonSerializer.Serialize(row, _projection.RowType, MessageJson.Default) != stored)
            {
                throw new ScenarioException($"The fold of event {index + 1} ({_written[index]}) changes the row that it is given, and returns another. Leave the row as it is: it may be needed again.");
            }

            if (EventText.Of(_events[index]) != _written[index])
            {
                throw new ScenarioException($"The fold of event {index + 1} ({_written[index]}) changes the event. Others fold it too.");
            }

            stored = Written(next, index);
        }
    }

    /// <param name="ends">The events that pages end behind.</param>
    private string? Fold(int[] ends)
    {
        string? row = null;
        var done = 0;
        foreach (var end in ends)
        {
            var folded = new EntityFold<string>(_projection, _rows, _entityId).Run(done, row, [.. Enumerable.Range(done, end - done).Select(EventAt)]);
            if (folded.Failed >= 0)
            {
                var error = folded.Outcomes[folded.Failed].Error!;
                throw new ScenarioException($"Event {done + folded.Failed + 1} ({_written[done + folded.Failed]}) cannot be projected: {error.Message}", error);
            }

            (row, done) = (folded.IsChanged ? folded.Row : row, end);
        }

        return row;
    }

    private object? Apply(int index, object? row)
    {
        try
        {
            return _projection.Folds.TryGetValue(_events[index].GetType(), out var fold) ? fold(row, _events[index], EventAt(index).Info) : row;
        }
        catch (Exception error)
        {
            throw new ScenarioException($"The fold of event {index + 1} ({_written[index]}) fails: {error.Message}", error);
        }
    }

    private string? Written(object? row, int index)
    {
        if (row is null)
        {
            return null;
        }

        try
        {
            var written = _rows.Write(_entityId, row);
            var again = JsonSerializer.Serialize(_rows.Read(written), _projection.RowType, MessageJson.Default);
            return again == written ? written : throw new ScenarioException(
                $"After event {index + 1} ({_written[index]}) the row is {written}, but what is read of that is {again}: a later page would go on with another row.");
        }
        catch (Exception error) when (error is not ScenarioException)
        {
            throw new ScenarioException($"The row after event {index + 1} ({_written[index]}) cannot be stored: {error.Message}", error);
        }
    }

    private void Same(string? whole, string? other, string how)
    {
        if (whole != other)
        {
            throw new ScenarioException(
                $"All events at once make the row {whole ?? "(none)"}, but {how} makes {other ?? "(none)"}. A fold is a function of the row and the event: it asks nobody else, not even the time.");
        }
    }

    private ProjectedEvent EventAt(int index) => new(new EventInfo(_entityId, index + 1, $"message-{index + 1}", Begin.AddSeconds(index)), _events[index]);
}
