using System.Buffers.Binary;
using CsCheck;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

public sealed class BadInputTests : FaultTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(-1)]
    [InlineData(48_000_001)]
    [InlineData(int.MaxValue)]
    public async Task A_message_of_an_impossible_length_ends_its_connection(int length)
    {
        using var client = new RawClient(Server.Port);
        await client.SendAsync(RawClient.Message([1, 2, 3], length: length));
        Assert.Null(await client.ReceiveAsync());
        await StillServesAsync();
    }

    [Fact]
    public async Task An_unknown_opcode_ends_its_connection()
    {
        using var client = new RawClient(Server.Port);
        await client.SendAsync(RawClient.Message(new byte[20], code: 4711));
        Assert.Null(await client.ReceiveAsync());
        await StillServesAsync();
    }

    [Fact]
    public async Task Invalid_bson_is_an_error_and_the_connection_goes_on()
    {
        using var client = new RawClient(Server.Port);
        var bson = BsonDocument.Parse("{ insert: 'things', documents: [{ s: 'text' }], $db: 'faults' }").ToBson();
        bson[Array.IndexOf(bson, (byte)'t', 60)] = 0xFF;
        await client.SendAsync(RawClient.Command(bson));
        Assert.Equal(22, (await client.ReceiveAsync())!["code"].ToInt32());
        await client.SendAsync(RawClient.Command("{ ping: 1, $db: 'admin' }"));
        Assert.Equal(1, (await client.ReceiveAsync())!["ok"].ToInt32());
    }

    [Fact]
    public async Task Nesting_without_end_is_an_error_and_not_a_crash()
    {
        using var client = new RawClient(Server.Port);
        await client.SendAsync(RawClient.Command(Nested(1_000_000)));
        Assert.Equal(15, (await client.ReceiveAsync())!["code"].ToInt32());
        await client.SendAsync(RawClient.Command(Nested(150)));
        Assert.Equal(59, (await client.ReceiveAsync())!["code"].ToInt32());
        await StillServesAsync();
    }

    [Fact]
    public async Task A_document_that_is_too_large_is_refused()
    {
        using var client = new RawClient(Server.Port);
        await client.SendAsync(Sequence(new BsonDocument { { "_id", 1 }, { "text", new string('x', 17 * 1024 * 1024) } }));
        Assert.Equal(10334, (await client.ReceiveAsync())!["code"].ToInt32());
        await StillServesAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_read_loses_its_connection_and_nobody_else_notices()
    {
        await Collection.InsertManyAsync(Enumerable.Range(0, 15).Select(i => new BsonDocument { { "_id", i }, { "text", new string('x', 1024 * 1024) } }));
        using var client = new RawClient(Server.Port);
        var find = RawClient.Command("{ find: 'things', $db: 'faults' }");
        var sending = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 1_000_000; i++)
                {
                    await client.SendAsync(find);
                }

                return false;
            }
            catch (IOException)
            {
                return true;
            }
        });
        await StillServesAsync();
        Assert.True(await sending.WaitAsync(TimeSpan.FromMinutes(1)));
        await StillServesAsync();
    }

    [Fact]
    public async Task A_half_message_holds_up_nobody()
    {
        using var client = new RawClient(Server.Port);
        await client.SendAsync([.. RawClient.Command("{ ping: 1, $db: 'admin' }").AsSpan(0, 20)]);
        await StillServesAsync();
    }

    [Fact]
    public async Task Damaged_messages_never_harm_the_server()
    {
        var valid = new[]
        {
            "{ insert: 'fuzz', documents: [{ a: 1, b: { c: [1, 2, { $numberDecimal: '1.5' }] }, d: 'text' }], $db: 'faults' }",
            "{ find: 'fuzz', filter: { a: { $gt: 1, $in: [1, /x/] } }, sort: { a: 1 }, projection: { a: 1 }, $db: 'faults' }",
            "{ update: 'fuzz', updates: [{ q: { a: 1 }, u: [{ $set: { a: { $add: ['$a', 1] } } }], upsert: true }], $db: 'faults' }",
            "{ aggregate: 'fuzz', pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }], cursor: {}, $db: 'faults' }",
            "{ createIndexes: 'fuzz', indexes: [{ key: { a: 1 }, name: 'a_1' }], $db: 'faults' }",
            "{ hello: 1, $db: 'admin', lsid: { id: { $uuid: '00112233-4455-6677-8899-aabbccddeeff' } }, txnNumber: { $numberLong: '1' } }",
        }.Select(RawClient.Command).Append(Sequence()).Append(Handshake()).ToArray();
        var damage = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Select(Gen.Int[16, 1000], Gen.Byte).Array[1, 6]);
        await damage.SampleAsync(
            async sample =>
            {
                var message = (byte[])valid[sample.Item1].Clone();
                foreach (var (at, value) in sample.Item2)
                {
                    message[16 + ((at - 16) % (message.Length - 16))] = value;
                }

                // A flag may ask for silence, so a ping tells when the server is done.
                using var client = new RawClient(Server.Port);
                await client.SendAsync([.. message, .. RawClient.Command("{ ping: 1, $db: 'admin' }")]);
                var answer = await client.ReceiveAsync();
                Assert.True(answer is null || answer.Contains("ok"), $"The answer has no 'ok': {answer}");
                Assert.NotEqual(1, answer?.GetValue("code", 0).ToInt32() ?? 0);
            },
            iter: 3000,
            threads: 2);
        await StillServesAsync();
    }

    private static byte[] Sequence(BsonDocument? document = null)
    {
        var documents = (document ?? BsonDocument.Parse("{ a: { b: [1, 'x', true] } }")).ToBson();
        var section = new byte[14 + documents.Length];
        BinaryPrimitives.WriteInt32LittleEndian(section, section.Length);
        "documents\0"u8.CopyTo(section.AsSpan(4));
        documents.CopyTo(section.AsSpan(14));
        return RawClient.Message([0, 0, 0, 0, 0, .. BsonDocument.Parse("{ insert: 'things', $db: 'faults' }").ToBson(), 1, .. section]);
    }

    private static byte[] Handshake() =>
        RawClient.Message([0, 0, 0, 0, .. "admin.$cmd\0"u8, 0, 0, 0, 0, 255, 255, 255, 255, .. BsonDocument.Parse("{ isMaster: 1, helloOk: true, client: { application: { name: 'a' } } }").ToBson()], code: 2004);

    private static byte[] Nested(int depth)
    {
        var bytes = new byte[5 + (depth * 8)];
        for (var i = 0; i < depth; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 7), bytes.Length - (i * 8));
            bytes[(i * 7) + 4] = 3;
            bytes[(i * 7) + 5] = (byte)'a';
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(depth * 7), 5);
        return bytes;
    }

    private async Task StillServesAsync() =>
        Assert.Equal(1, (await Client.GetDatabase("admin").RunCommandAsync<BsonDocument>(Doc("{ ping: 1 }")))["ok"].ToInt32());
}
