using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Outbox.Kafka.Asking.Clients;
using Outbox.MongoDb;

namespace Outbox.Integration.Tests.Delivery.Parking;

/// <summary>Has a person retry a message between the moment that the server has found a page of the sweep and the moment that the relay has it.</summary>
internal sealed class RetryAfterPage
{
    public Func<bool>? Retry { get; set; }

    public bool Done { get; private set; }

    public Func<IServiceProvider, MongoClientSettings> Settings => provider =>
    {
        var settings = MongoClientSettings.FromConnectionString(provider.GetRequiredService<IOptions<MongoDbOptions>>().Value.Connection);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandSucceededEvent>(Found);
        return settings;
    };

    private void Found(CommandSucceededEvent command)
    {
        if (command.CommandName == "find" && command.Reply["cursor"]["ns"].AsString.EndsWith(".outbox", StringComparison.Ordinal) && Retry is { } retry)
        {
            Retry = null;
            Done = Task.Run(retry).GetAwaiter().GetResult();
        }
    }
}
