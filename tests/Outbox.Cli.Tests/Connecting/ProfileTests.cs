using Outbox.Cli.Answers;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Tests.Connecting;

public sealed class ProfileTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_profile_says_what_a_command_line_need_not()
    {
        var settings = Read("""{ "prod": { "mongoDb": "mongodb://db1/orders", "database": "orders", "prefix": "m.", "kafka": "k1:9092", "topicPrefix": "live.", "kafkaSettings": { "security.protocol": "SSL" }, "allowEdit": true, }, /* more */ }""", "prod");

        Assert.Equal(("mongodb://db1/orders", "orders", "m.", "k1:9092", "live.", true), (settings.MongoDb, settings.Database, settings.Prefix, settings.Kafka, settings.TopicPrefix, settings.AllowEdit));
        Assert.Equal("SSL", settings.KafkaSettings["security.protocol"]);
    }

    [Theory]
    [InlineData("""{ "prod": { "mongoDb": "mongodb://anna:s3cret@db1" } }""", "staging", "It has: prod")]
    [InlineData("""{ "prod": { "mongodbUri": "mongodb://anna:s3cret@db1" } }""", "prod", "cannot be read")]
    [InlineData("""{ "prod": "mongodb://anna:s3cret@db1" }""", "prod", "cannot be read")]
    [InlineData("""{ "prod": { "mongoDb": "mongodb://anna:s3cret@db1 }""", "prod", "cannot be read")]
    [InlineData("", "prod", "cannot be read")]
    public void What_is_no_profile_is_refused_without_a_word_of_its_secrets(string json, string name, string said)
    {
        var error = Assert.Throws<CommandException>(() => Read(json, name));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains(said, error.Message);
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Fact]
    public void Kafkas_settings_are_read_from_a_file_of_properties_as_its_own_tools_read_them()
    {
        File.WriteAllText(_file, "# who\nsasl.username = anna\nsasl.password=s3=cret\n\n");

        var settings = Profiles.ReadProperties(_file);

        Assert.Equal(("anna", "s3=cret"), (settings["sasl.username"], settings["sasl.password"]));
        File.WriteAllText(_file, "s3cret");
        Assert.DoesNotContain("s3cret", Assert.Throws<CommandException>(() => Profiles.ReadProperties(_file)).Message);
    }

    private ConnectionSettings Read(string json, string name)
    {
        File.WriteAllText(_file, json);
        return Profiles.Read(name, variable => variable == "OUTBOX_PROFILES" ? _file : null);
    }
}
