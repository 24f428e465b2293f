using Outbox.Messages;

namespace Outbox.Inbox.Batches;

/// <summary>What failed of a batch. Later messages of the same entity wait for it: they are tried with it again, or after it was parked.</summary>
internal sealed class BatchErrors<TMessage>
    where TMessage : class
{
    private readonly List<Exception> _errors = [];
    private readonly HashSet<Entity> _entities = [];

    public void Add(BatchItem<TMessage> item, Exception error)
    {
        item.Failed(error);
        _errors.Add(error);
        if (item.OrderedEntity is { } entity)
        {
            _entities.Add(entity);
        }
    }

    public List<BatchItem<TMessage>> Free(List<BatchItem<TMessage>> items) =>
        _entities.Count == 0 ? items : items.FindAll(item => item.OrderedEntity is not { } entity || !_entities.Contains(entity));

    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw _errors.Count == 1 ? _errors[0] : new AggregateException(_errors);
        }
    }
}
