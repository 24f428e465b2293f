namespace Outbox.History.Projecting.Registration;

/// <summary>A projection as it was configured, before anything is known of its events.</summary>
internal sealed record ProjectionDefinition(Projection Model, RebuildFrom? From, SwitchWhen Switch, bool Inline)
{
    /// <summary>How long a transaction may run on that began before a build was there.</summary>
    public TimeSpan Settling { get; init; }

    /// <summary>What else was set, for the store.</summary>
    public IReadOnlyList<object> Extras { get; init; } = [];
}
