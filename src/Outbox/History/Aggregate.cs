using Outbox.Capture;

namespace Outbox.History;

/// <summary>
/// An entity that tells what happens to it as events, and whose state is what these events make of it: <see cref="When"/>. Where its topic keeps history, load it with
/// <c>tx.LoadAsync&lt;Order&gt;(id)</c> and save it with <c>tx.SaveAsync(order)</c>. Where its state is stored as a document, publish what it raised with <c>tx.PublishRaised(order)</c>, before
/// the document is written.
/// </summary>
/// <remarks>It needs a constructor without parameters, which may be private. It is used by one flow of execution at a time.</remarks>
public abstract class Aggregate
{
    private readonly List<object> _raised = [];
    private long _version;
    private CaptureBuffer? _savedIn;
    private int _saved;

    /// <summary>The entity's id: what its messages have as <c>entityId</c>.</summary>
    public string Id { get; protected set; } = "";

    /// <summary>The version of the last event that was loaded or saved; 0 for a new entity. What was saved in a transaction that did not commit does not count.</summary>
    public long Version
    {
        get
        {
            Settle();
            return _version + _saved;
        }

        private set => _version = value;
    }

    /// <summary>What was raised and is not saved yet.</summary>
    public IReadOnlyList<object> Raised
    {
        get
        {
            Settle();
            return _raised[_saved..];
        }
    }

    /// <summary>Says that something has happened: changes the state by <see cref="When"/>, and keeps the event to be saved.</summary>
    /// <param name="event">An event of a registered type. It is in the past tense, and must carry all that <see cref="When"/> needs.</param>
    protected void Raise(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        When(@event);
        _raised.Add(@event);
    }

    /// <summary>
    /// Changes the state by an event that has happened: just now, or long ago. It decides nothing, refuses nothing and asks for nothing, not even the time, so that the same events make the same
    /// state for ever. Events that mean nothing to the state are let go.
    /// </summary>
    protected abstract void When(object @event);

    /// <summary>Makes it the state of an entity at a version.</summary>
    internal void Begin(string id, long version) => (Id, _version) = (id, version);

    /// <summary>Applies an event that history has.</summary>
    internal void Replay(object @event, long version)
    {
        When(@event);
        _version = version;
    }

    /// <summary>Counts everything that was raised as saved, if the transaction of a buffer commits: its callback may run again, and must find the same events raised.</summary>
    internal void SavedIn(CaptureBuffer buffer)
    {
        Settle();
        _savedIn = buffer;
        _saved = _raised.Count;
    }

    private void Settle()
    {
        if (_savedIn is null or { IsOpen: true })
        {
            return;
        }

        if (_savedIn.IsCommitted)
        {
            _version += _saved;
            _raised.RemoveRange(0, _saved);
        }

        (_savedIn, _saved) = (null, 0);
    }
}
