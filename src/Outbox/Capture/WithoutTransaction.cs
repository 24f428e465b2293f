namespace Outbox.Capture;

/// <summary>Stands where the transaction would, for a consumer that runs without one, and refuses what needs one.</summary>
/// <param name="endpoint">The consumer's endpoint.</param>
public sealed class WithoutTransaction(string endpoint) : IOutboxTransaction
{
    /// <inheritdoc/>
    public void Publish<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => throw Message(typeof(T));

    /// <inheritdoc/>
    public void Publish(object message, Type type, string entityId, long? version = null, MessageOptions? options = null) => throw Message(type);

    /// <inheritdoc/>
    public void PublishTombstone(Type type, string entityId, long? version = null, MessageOptions? options = null) => throw Message(type);

    /// <inheritdoc/>
    public void Send(object message, Type type, string entityId, long? version = null, MessageOptions? options = null) => throw Message(type);

    /// <inheritdoc/>
    public void PublishTombstone<T>(string entityId, long? version = null, MessageOptions? options = null)
        where T : class => throw Message(typeof(T));

    /// <inheritdoc/>
    public void Send<T>(T message, string entityId, long? version = null, MessageOptions? options = null)
        where T : class => throw Message(typeof(T));

    /// <summary>Says why something is not possible.</summary>
    /// <param name="what">What needs a transaction.</param>
    public OutboxException Refuse(string what) => new(
        $"{what}, and the consumers of endpoint '{endpoint}' run without a transaction: Inbox(x => x.Transactional = false) is for those whose only effect is one version-checked "
        + "change, ApplyAsync(null, context.Stamp(), …). Remove it.");

    private OutboxException Message(Type type) => Refuse($"A {type.Name} must be committed together with the change that it tells of");
}
