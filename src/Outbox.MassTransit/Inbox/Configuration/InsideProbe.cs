using MassTransit;

namespace Outbox.Inbox.Configuration;

/// <summary>
/// Walks an endpoint's pipe, as MassTransit describes it, and finds retries inside of the inbox: a scope's filters come in their order, each inside of those before it, up to the consumer.
/// </summary>
internal sealed class InsideProbe(List<string> found) : ProbeContext
{
    private string? _consumer;
    private bool _inside;
    private InsideProbe? _pipe;

    public CancellationToken CancellationToken => CancellationToken.None;

    public void Add(string key, string value)
    {
        if (key == "type")
        {
            _consumer = value;
        }
        else if (key == "filterType" && _pipe is { } pipe)
        {
            pipe.Enter(value);
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
        var scope = new InsideProbe(found) { _consumer = _consumer, _inside = _inside };
        if (key == "filters")
        {
            scope._pipe = this;
        }
        else
        {
            // The end of one consumer's pipe; the next begins outside of it.
            _inside = false;
        }

        return scope;
    }

    private void Enter(string filter)
    {
        if (filter == InboxEndpoint.FilterName)
        {
            _inside = true;
        }
        else if (filter == "retry" && _inside)
        {
            found.Add(_consumer ?? "A consumer");
        }
    }
}
