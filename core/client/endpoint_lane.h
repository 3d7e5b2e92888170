// What a run keeps of a lane that follows somebody's endpoint, beside the lane itself: what came,
// what the endpoint said of itself, and why it cannot be followed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/client/diagnosis.h"
#include "core/client/endpoint_settings.h"
#include "core/client/observed_lane.h"
#include "core/client/question.h"

namespace playground::client {

class EndpointLane final : public LaneContext, public LaneNews, private DiagnosisEvents {
 public:
  // The newest entries are kept, and the beginning of what is long.
  static constexpr std::size_t kMaxEntries = 40;
  static constexpr std::size_t kMaxText = 400;
  static constexpr std::size_t kMaxFields = 8000;
  // That many later than a POST goes out it is given up.
  static constexpr Micros kAnswerWithin = 10 * kSecond;

  struct Entry {
    enum class Kind : std::uint8_t {
      kAsked,     // `id` is what the request said it had seen last
      kHead,      // `status`
      kItem,      // an event, a message, a line, an answer
      kComment,   // of an event stream
      kRetry,     // `size` milliseconds
      kEnded,     // `text` says how
      kSent,      // by the reader
      kAnswered,  // to a POST of the reader's: `status`; or `text` says why there is none
    };
    Kind kind = Kind::kAsked;
    std::uint64_t number = 0;          // from 1
    Micros at = 0;                     // by the client's clock
    std::optional<Micros> since = {};  // the item before
    std::string event = {};
    std::string id = {};
    std::string text = {};  // as hexadecimal digits where `binary`
    bool binary = false;
    std::uint64_t size = 0;  // of all of it, in bytes
    int status = 0;
  };

  // `run` and `news` are the run's own, and outlive it as `dispatcher` does.
  EndpointLane(std::shared_ptr<const EndpointSettings> settings, Dispatcher& dispatcher,
               LaneContext& run, LaneNews& news);
  // The lane that it belongs to, before anything else.
  void belongs_to(ObservedLane& lane) { lane_ = &lane; }
  void start(Micros now) { lane_->start(settings_->feed, {}, now); }
  void stop(Micros now);

  // A text to a WebSocket, or a POST beside a stream. Returns "" or a sentence that says why not.
  std::string send(std::string_view text, Micros now);

  // Whether send() has somewhere to go.
  bool takes_text() const {
    return info(settings_->feed.transport).two_way() || !settings_->send_to.empty();
  }
  // All entries there have been; by its number from 1, one of the newest kMaxEntries.
  std::uint64_t entered() const { return entered_; }
  const Entry& entry(std::uint64_t number) const { return entries_[number % kMaxEntries]; }
  int status() const { return status_; }
  // Whole lines, as the browser shows them.
  const std::string& fields() const { return fields_; }
  const std::string& last_event_id() const { return last_event_id_; }
  std::optional<std::uint64_t> retry_ms() const { return retry_ms_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t items() const { return items_; }
  std::uint64_t comments() const { return comments_; }
  // Items without the number that others have; items whose time was still to come.
  std::uint64_t unnumbered() const { return unnumbered_; }
  std::uint64_t early() const { return early_; }
  Micros silent_for(Micros now) const { return now - last_bytes_at_.value_or(now); }
  const std::optional<Reason>& found() const { return diagnosis_.found(); }

 private:
  // LaneContext: of the playground's own server nothing follows for this one.
  bool has(Feature feature) const override { return run_.has(feature); }
  Micros round_trip() const override { return 0; }
  bool server_answered_since(Micros) const override { return false; }
  void lane_failed(Micros now) override { diagnosis_.failed(now); }

  // LaneNews
  Micros server_offset() const override { return dispatcher_.host().epoch_offset(); }
  void wire_used() override {}
  void message_seen(std::uint32_t, std::uint64_t, Micros) override {}
  void decided(Decision decision) override { news_.decided(std::move(decision)); }
  bool foreign() const override { return true; }
  void seen(const Seen& seen, Micros now) override;
  void item_came(const Item& item, Micros now) override;

  // DiagnosisEvents
  void on_found(Decision decision) override { lane_->note(std::move(decision)); }

  Entry& add(Entry::Kind kind, std::string_view text, Micros now);
  std::string post(std::string_view text, Micros now);

  const std::shared_ptr<const EndpointSettings> settings_;
  Dispatcher& dispatcher_;
  LaneContext& run_;
  LaneNews& news_;
  ObservedLane* lane_ = nullptr;
  Diagnosis diagnosis_;
  Question post_;
  std::array<Entry, kMaxEntries> entries_;
  std::uint64_t entered_ = 0;
  std::optional<Micros> last_item_at_;
  std::optional<Micros> last_bytes_at_;
  int status_ = 0;
  bool has_head_ = false;
  std::string fields_;
  std::string last_event_id_;
  std::optional<std::uint64_t> retry_ms_;
  std::uint64_t bytes_ = 0;
  std::uint64_t items_ = 0;
  std::uint64_t comments_ = 0;
  std::uint64_t unnumbered_ = 0;
  std::uint64_t early_ = 0;
};

}  // namespace playground::client
