using MassTransit;
using MassTransit.Configuration;

namespace Outbox.Inbox.Configuration;

/// <summary>Refuses retries inside of a consumer's transaction when all consumers of an endpoint are connected.</summary>
internal sealed class InsideCheck(IReceiveEndpointConfigurator endpoint, string name) : IReceiveEndpointSpecification
{
    private bool _last;

    public IEnumerable<ValidationResult> Validate() => [];

    public void Configure(IReceiveEndpointBuilder builder)
    {
        if (_last)
        {
            Check();
            return;
        }

        // The endpoint configures what is added meanwhile too.
        _last = true;
        endpoint.AddEndpointSpecification(this);
    }

    private void Check()
    {
        if (endpoint is not IReceiveEndpointConfiguration configuration)
        {
            return;
        }

        var inside = new List<string>();
        configuration.ConsumePipe.Probe(new InsideProbe(inside));
        if (inside.Count > 0)
        {
            throw new OutboxConfigurationException(
                $"{inside[0]} on endpoint '{name}' has a retry inside of its transaction, so that what failed attempts wrote and published would be committed. Instead of c.UseRetry(…), write "
                + "c.UseMessageRetry(…), or e.UseMessageRetry(…) on the endpoint: there each attempt has a transaction of its own.");
        }
    }
}
