using Microsoft.Extensions.DependencyInjection;
using Outbox.Integration.Tests.Servers;
using Outbox.Operations.Explaining;
using Outbox.Operations.Pausing;

namespace Outbox.Integration.Tests.Operations;

/// <summary>A process that is not the service, and knows its database alone: what a command line is.</summary>
internal sealed class Asked : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Asked(ServiceProvider services) => _services = services;

    public IExplain Explain => _services.GetRequiredService<IExplain>();

    public IPauses Pauses => _services.GetRequiredService<IPauses>();

    public static async Task<Asked> OfAsync(string database, string prefix = "", Action<IServiceCollection>? add = null)
    {
        var mongo = await MongoDbServer.GetAsync();
        var services = new ServiceCollection().AddLogging();
        add?.Invoke(services);
        services.AddOutbox(o => o.UseMongoDb(m => (m.Connection, m.DatabaseName, m.CollectionPrefix) = (add is null ? mongo.ConnectionString : "", database, prefix)));
        return new Asked(services.BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Waits until something is found, and returns all of it.</summary>
    public async Task<Explanation> UntilAsync(string id, string code)
    {
        Explanation explanation = null!;
        try
        {
            await Eventually.TrueAsync(async () => (explanation = await Explain.ExplainAsync(id)).Findings.Any(finding => finding.Code == code), code);
        }
        catch (Xunit.Sdk.FailException)
        {
            Assert.Fail($"{code} was not found, but {string.Join(" | ", explanation.Findings)}");
        }

        return explanation;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
