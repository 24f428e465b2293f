namespace Outbox.History.Projecting.Folding;

/// <summary>Rows as a store has them.</summary>
/// <typeparam name="TDocument">What the store keeps.</typeparam>
internal interface IRowFormat<TDocument>
    where TDocument : class
{
    /// <summary>A row of its own each time: a fold may have changed the last one.</summary>
    object Read(TDocument document);

    /// <exception cref="OutboxException">It is not the entity's row.</exception>
    TDocument Write(string entityId, object row);
}
