using MassTransit;

namespace Outbox.Inbox.Configuration;

/// <summary>
/// Walks an endpoint's pipe, as MassTransit describes it, and finds retries inside of the inbox: a scope's filters come in their order, each inside of those before it, up to the consumer.
/// </summary>
internal sealed class InsideProbe(List<string> found, bool inside = false, InsideProbe? pipe = null) : ProbeContext
{
    private string? _consumer;
    private bool _entered;

    public CancellationToken CancellationToken => CancellationToken.None;

    public void Add(string key, string value)
    {
        if (key == "type")
        {
            _consumer = value;
        }
        else if (key == "filterType")
        {
            pipe?.Enter(value);
        }
    }

    public void Add(string key, object value)
    {
    }

    public void Set(object values)
    {
    }

    public void Set(IEnumerable<KeyValuePair<string, object>> values)
    {
    }

    public ProbeContext CreateScope(string key)
    {
        var isFilter = key == "filters";
        var scope = new InsideProbe(found, inside || _entered, isFilter ? this : null) { _consumer = _consumer };
        // What is no filter ends one consumer's pipe here; the next begins outside of it.
        _entered &= isFilter;
        return scope;
    }

    private void Enter(string filter)
    {
        if (filter == InboxEndpoint.FilterName)
        {
            _entered = true;
        }
        else if (filter == "retry" && (inside || _entered))
        {
            found.Add(_consumer ?? "A consumer");
        }
    }
}
