namespace Outbox.History.Registration;

/// <summary>How a state is made of an entity's events.</summary>
/// <param name="StateType">The type of the state.</param>
/// <param name="Topic">The topic that keeps the events.</param>
/// <param name="EntityType">What the topic's entity ids name.</param>
/// <param name="Fold">Makes the state.</param>
public sealed record StateRegistration(Type StateType, string Topic, string EntityType, StateFold Fold)
{
    /// <summary>When it is stored; <see langword="null"/> for a state that is always made from the first event on.</summary>
    public SnapshotPolicy? Snapshots { get; init; }

    /// <summary>The version of its shape. Snapshots of another one are not looked at.</summary>
    public int Schema { get; init; }
}
