namespace Outbox.History.Projecting.Registration;

/// <summary>A projection with what its events are.</summary>
/// <param name="Model">The folds.</param>
/// <param name="Topic">The topic of all its events.</param>
/// <param name="EntityType">The type of all its entities.</param>
/// <param name="From">What it is built from.</param>
public sealed record ProjectionRegistration(Projection Model, string Topic, string EntityType, RebuildFrom From)
{
    /// <summary>When readers are given a new build.</summary>
    public SwitchWhen Switch { get; init; }

    /// <summary>Whether rows are written in the transaction that captures the events.</summary>
    public bool Inline { get; init; }

    /// <summary>How long a transaction may run on that began before a build was there; for inline ones.</summary>
    public TimeSpan Settling { get; init; }

    /// <summary>Its name.</summary>
    public string Name => Model.Name;

    /// <summary>Its version.</summary>
    public int Version => Model.Version;

    /// <summary>The names of the types that it has folds for.</summary>
    internal IReadOnlySet<string> Types { get; init; } = new HashSet<string>();

    /// <summary>The names of the types that it has folds for whose tombstones it has folds for.</summary>
    internal IReadOnlySet<string> Tombstones { get; init; } = new HashSet<string>();

    internal IReadOnlyList<object> Extras { get; init; } = [];

    /// <summary>Whether it has a fold for a type.</summary>
    public bool Folds(Type type) => Model.Folds.ContainsKey(type);
}
