using Microsoft.Extensions.DependencyInjection;
using Outbox.History;
using Outbox.History.Registration;
using Outbox.Messages.Intents;
using Outbox.Messages.Registration;

namespace Outbox.Tests.Configuration;

/// <summary>What cannot keep history stops the start, and says what to write instead.</summary>
public sealed class KeepHistoryTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "no entity type", "Set t.EntityType before t.KeepHistory" },
        { "counted versions", "Remove t.Versions" },
        { "a command", "is not an event of its entities" },
        { "rejections", "is not an event of its entities" },
        { "two topics of one entity type", "Register its events on one topic" },
        { "a snapshot without a schema", "Begin with 1 and raise it" },
        { "a snapshot of no state", "Register its decider too" },
        { "two snapshots of a type", "there is room for one" },
        { "a snapshot twice", "is configured twice" },
        { "a state twice", "Register it once" },
        { "an aggregate that cannot be made", "Add a private Unmakeable()" },
        { "an abstract aggregate", "abstract" },
        { "an aggregate as a fold", "h.Aggregate<Thing>()" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_topic_that_cannot_keep_history_is_refused(string how, string advice)
    {
        var refused = Assert.Throws<OutboxConfigurationException>(() =>
        {
            using var services = Services(o => Configure(o, how));
            services.GetRequiredService<MessageRegistry>();
            services.GetRequiredService<StateRegistry>();
        });

        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_that_keeps_history_can_be_said_in_parts()
    {
        using var services = Services(o =>
        {
            o.Topic("things", t =>
            {
                t.EntityType = "thing";
                t.KeepHistory(h => h.Aggregate<Thing>());
                t.Message<ThingMade>();
            });
            o.Topic("things", t => t.KeepHistory(h => h.Snapshot<Thing>(SnapshotPolicy.Every(10), schema: 2)));
        });

        var state = Assert.Single(services.GetRequiredService<StateRegistry>().All);
        Assert.Equal((typeof(Thing), "things", "thing", 10, 2), (state.StateType, state.Topic, state.EntityType, state.Snapshots!.Events!.Value, state.Schema));
        Assert.Equal(VersionSource.Supplied, services.GetRequiredService<MessageRegistry>().Get(typeof(ThingMade)).Versions);
    }

    private static void Configure(OutboxConfigurator o, string how) => o.Topic("things", t =>
    {
        if (how != "no entity type")
        {
            t.EntityType = "thing";
        }

        t.Message<ThingMade>();
        t.KeepHistory(h => Keep(h, how));
        switch (how)
        {
            case "counted versions": t.Versions = VersionSource.Counted; break;
            case "a command": t.Command<MakeThing>(); break;
            case "rejections": t.Message<CommandRejected>(); break;
            case "two topics of one entity type":
                o.Topic("other", other =>
                {
                    other.EntityType = "thing";
                    other.Message<ThingBroken>();
                    other.KeepHistory();
                });
                break;
            case "a state twice":
                o.Topic("other", other =>
                {
                    other.EntityType = "other";
                    other.Message<ThingBroken>();
                    other.KeepHistory(h => h.Aggregate<Thing>());
                });
                break;
        }
    });

    private static void Keep(HistoryConfigurator h, string how)
    {
        switch (how)
        {
            case "a snapshot without a schema": h.Snapshot<Thing>(SnapshotPolicy.Never, schema: 0); break;
            case "a snapshot of no state": h.Snapshot<ThingMade>(SnapshotPolicy.Never, schema: 1); break;
            case "two snapshots of a type":
                h.Snapshot<Thing>(SnapshotPolicy.Never, schema: 1);
                h.Snapshot<OtherThing>(SnapshotPolicy.Never, schema: 1);
                break;
            case "a snapshot twice":
                h.Snapshot<Thing>(SnapshotPolicy.Never, schema: 1);
                h.Snapshot<Thing>(SnapshotPolicy.Every(2), schema: 1);
                break;
            case "an aggregate that cannot be made": h.Aggregate<Unmakeable>(); break;
            case "an abstract aggregate": h.Aggregate<AnyThing>(); break;
            case "an aggregate as a fold": h.Fold(new ThingFold()); break;
            case "a state twice": h.Aggregate<Thing>(); break;
        }
    }

    private static ServiceProvider Services(Action<OutboxConfigurator> configure) => new ServiceCollection().AddLogging().AddOutbox(configure).BuildServiceProvider();

    private sealed record ThingMade(string Id);

    private sealed record ThingBroken(string Id);

    private sealed record MakeThing(string Id);

    private abstract class AnyThing : Aggregate
    {
        protected override void When(object @event)
        {
        }
    }

    private sealed class Thing : AnyThing;

    private sealed class OtherThing : AnyThing;

    private sealed class Unmakeable : AnyThing
    {
        public Unmakeable(string id) => Id = id;
    }

    private sealed class ThingFold : IFold<Thing>
    {
        public Thing Initial { get; } = new();

        public Thing Evolve(Thing state, object @event) => state;
    }
}
