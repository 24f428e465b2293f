namespace Outbox.Capture;

/// <summary>What MassTransit's publish and send calls do with messages of registered types where no transaction runs.</summary>
public enum OutsideTransaction
{
    /// <summary>They fail and say what to do: a message that nothing stores could be lost, and one for Kafka would reach nobody.</summary>
    Throw,

    /// <summary>They go to MassTransit's bus at once, as if the types were not registered. Consumers on Kafka do not get them.</summary>
    Direct,

    /// <summary>They go through the outbox in a transaction of their own: stored for sure, and apart from any change of state.</summary>
    OwnTransaction,
}
