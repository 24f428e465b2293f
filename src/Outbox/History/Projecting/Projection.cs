using System.Text.RegularExpressions;

namespace Outbox.History.Projecting;

/// <summary>What a read model is made of: see <see cref="Projection{TRow}"/>.</summary>
public abstract partial class Projection
{
    private readonly Dictionary<Type, EventFold> _folds = [];

    private protected Projection(string name, int version, Type rowType)
    {
        if (name is null || !ValidName().IsMatch(name))
        {
            throw new OutboxConfigurationException(
                $"{GetType().Name} has the name '{name}'. A projection's name is part of a collection's and of a Kafka group's: begin with a letter, and use lower-case letters, digits and hyphens, 60 at "
                + "most, such as \"order-list\".");
        }

        if (version < 1)
        {
            throw new OutboxConfigurationException($"The version of projection '{name}' is {version}. Begin with 1, and raise it when the folds or the rows change.");
        }

        (Name, Version, RowType) = (name, version, rowType);
    }

    /// <summary>The read model's name; all its versions have it.</summary>
    public string Name { get; }

    /// <summary>The version of the folds. Another version has rows of its own.</summary>
    public int Version { get; }

    internal Type RowType { get; }

    internal IReadOnlyDictionary<Type, EventFold> Folds => _folds;

    private protected void Add(Type eventType, EventFold fold)
    {
        if (!_folds.TryAdd(eventType, fold))
        {
            throw new OutboxConfigurationException($"Projection '{Name}' ({GetType().Name}) has two folds for {eventType.Name}. An event is folded once: make them one.");
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9\-]{0,59}\z")]
    private static partial Regex ValidName();
}

/// <summary>
/// A read model that is made of events: a row for each entity, which its events change one after the other. Say in the constructor what each type of event does to the row, with
/// <see cref="On{TEvent}(Func{TRow?, TEvent, TRow?})"/>, and register it with <c>o.Projection&lt;OrderList&gt;()</c>.
/// </summary>
/// <remarks>
/// A fold is a function of the row and the event alone: it asks for nothing, not even the time, and has no effect but the row that it returns. The same events then make the same rows, however often
/// they are projected. When a fold changes, raise the version: the new one is built beside the one in use.
/// </remarks>
/// <typeparam name="TRow">The row; an immutable record is best. What the store takes for its id must be the entity's.</typeparam>
public abstract class Projection<TRow> : Projection
    where TRow : class
{
    /// <summary>A projection without folds yet.</summary>
    /// <param name="name">The read model's name, such as <c>order-list</c>; no other service on the same Kafka may have it.</param>
    /// <param name="version">The version of the folds, from 1.</param>
    protected Projection(string name, int version)
        : base(name, version, typeof(TRow))
    {
    }

    /// <summary>Says what an event does to its entity's row.</summary>
    /// <typeparam name="TEvent">A registered event type, or a <see cref="Messages.Tombstone{T}"/> of one.</typeparam>
    /// <param name="fold">
    /// Makes the row of the row before, which is <see langword="null"/> if there is none, and of the event. <see langword="null"/> means that there is no row from now on.
    /// </param>
    protected void On<TEvent>(Func<TRow?, TEvent, TRow?> fold)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(fold);
        Add(typeof(TEvent), (row, @event, _) => fold((TRow?)row, (TEvent)@event));
    }

    /// <summary>Says what an event does to its entity's row, where that takes more than the event has in it.</summary>
    /// <inheritdoc cref="On{TEvent}(Func{TRow?, TEvent, TRow?})"/>
    protected void On<TEvent>(Func<TRow?, TEvent, EventInfo, TRow?> fold)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(fold);
        Add(typeof(TEvent), (row, @event, info) => fold((TRow?)row, (TEvent)@event, info));
    }
}
