using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Projecting.Building;
using Outbox.History.Projecting.Folding;
using Outbox.MongoDb.Inbox.Sequencing;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>An entity of a page: how far it had come, its row, and what its events make of the two.</summary>
internal sealed class PagedEntity(string id, BsonDocument key, BsonValue? rowId)
{
    private readonly List<(int Index, ProjectedEvent Event)> _events = [];

    public string Id => id;

    /// <summary>A filter for how far it has come.</summary>
    public BsonDocument Key => key;

    public BsonValue? RowId => rowId;

    /// <summary>How far it had come.</summary>
    public BsonDocument? Sequence { get; set; }

    public BsonDocument? Row { get; set; }

    public FoldedEntity<BsonDocument> Folded { get; private set; } = null!;

    public long Before => SequenceDocument.Version(Sequence);

    /// <summary>Whether others waited before the page.</summary>
    public bool Waited => SequenceDocument.Waits(Sequence);

    public bool HasMoved => Folded.Version > Before;

    /// <summary>Whether a row may be there that the page needs.</summary>
    public bool NeedsRow => Before > 0 && rowId is not null && _events.Exists(x => x.Event.Content is not null);

    public void Add(int index, ProjectedEvent @event) => _events.Add((index, @event));

    /// <summary>The event that everything behind it waits for, where that is for a person to decide: one that failed or, reading the history, one before which there is a gap.</summary>
    public (ProjectedEvent Event, EventOutcome Outcome)? Blocking { get; private set; }

    /// <summary>Whether the entity has to be read from the history: what is left of it cannot be projected now, and nobody has seen to that before.</summary>
    public bool IsMarked { get; private set; }

    public void Fold(EntityFold<BsonDocument> fold, PageSource source, EventOutcome[] outcomes)
    {
        _events.Sort((one, other) => one.Event.Info.Version.CompareTo(other.Event.Info.Version));
        Folded = fold.Run(Before, Row, _events.ConvertAll(x => x.Event));
        for (var i = 0; i < _events.Count; i++)
        {
            var outcome = Folded.Outcomes[i];
            outcomes[_events[i].Index] = outcome.Kind == OutcomeKind.Projected && Waited ? outcome with { IsAwaited = true } : outcome;
        }

        var blocking = source switch
        {
            PageSource.Live => -1,
            PageSource.Scan => Folded.Failed,
            _ => Folded.Failed >= 0 ? Folded.Failed : Folded.Early,
        };
        Blocking = blocking < 0 ? null : (_events[blocking].Event, Folded.Outcomes[blocking]);
        IsMarked = source is PageSource.Live or PageSource.Scan && blocking < 0 && (Folded.Early >= 0 || Folded.Failed >= 0) && (!Waited || HasMoved);
    }

    /// <summary>How the page changes how far it has come; <see langword="null"/> if not at all.</summary>
    public UpdateOneModel<BsonDocument>? Step(PageSource source, bool hasHistory)
    {
        var set = new BsonDocument();
        if (HasMoved)
        {
            set["version"] = Folded.Version;
        }

        if (HasMoved && Waited)
        {
            set["ready"] = true;
        }

        if (hasHistory && Blocking is not null)
        {
            set.Set("waits", true).Set("ready", false);
        }
        else if (hasHistory && source == PageSource.CatchUpToEnd)
        {
            set.Set("waits", false).Set("ready", false);
        }
        else if (hasHistory && IsMarked)
        {
            set.Set("waits", true).Set("ready", true);
        }

        return set.ElementCount == 0 ? null : new UpdateOneModel<BsonDocument>(key, new BsonDocument("$set", set)) { IsUpsert = true };
    }

    public WriteModel<BsonDocument>? WriteRow()
    {
        if (!Folded.IsChanged || rowId is null)
        {
            return null;
        }

        var filter = new BsonDocument("_id", rowId);
        return Folded.Row is { } row
            ? new ReplaceOneModel<BsonDocument>(filter, row) { IsUpsert = true }
            : new DeleteOneModel<BsonDocument>(filter);
    }
}
